import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitCodeOfAll } from '../../src/render/exit-code.js';
import { toJson } from '../../src/reporters/json.js';
import { anOutcome, anyReport, aReport, aResult } from './samples.js';

const schema: unknown = JSON.parse(readFileSync(new URL('../../schema/holdfast.result.schema.json', import.meta.url), 'utf8'));

/** The schema is open, so that fields can be added. Closed, it shows whether each field there is today is described. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, closed(value)] as const);
  return {
    ...Object.fromEntries(entries),
    ...('required' in node && 'properties' in node ? { additionalProperties: false } : {}),
  };
}

const open = new Ajv2020({ allowUnionTypes: true }).compile(Object(schema));
const exact = new Ajv2020({ allowUnionTypes: true }).compile(Object(closed(schema)));

test('the JSON of any run is what the schema describes, field by field', () => {
  fc.assert(
    fc.property(fc.array(anyReport, { minLength: 1, maxLength: 3 }), (reports) => {
      const document: unknown = JSON.parse(toJson(reports));
      expect(exact(document), JSON.stringify(exact.errors)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('one suite is the document itself, several are listed with the worst exit code', () => {
  const [green, red] = [aReport([]), aReport([aResult('a.test.ts', 'failed', [anOutcome('failed')])])];
  expect(JSON.parse(toJson([green]))).toEqual(green);
  expect(JSON.parse(toJson([green, red]))).toEqual({ schemaVersion: 1, exitCode: 1, suites: [green, red] });
});

test('the schema refuses what is not a result', () => {
  const report = aReport([aResult('a.test.ts', 'passed', [anOutcome('passed')])]);
  expect(open(report)).toBe(true);
  expect(open({ ...report, totals: { ...report.totals, lost: -1 } })).toBe(false);
  expect(open({ ...report, run: { ...report.run, status: 'fine' } })).toBe(false);
  expect(open({ ...report, later: 'additions' })).toBe(true);
});

test.each([
  [[0, 4, 3, 1], 1],
  [[0, 4, 3], 3],
  [[0, 4], 4],
  [[1, 130], 130],
  [[], 0],
])('exit codes %j make %i', (codes, expected) => {
  expect(exitCodeOfAll(codes.map((exitCode) => aReport([], { exitCode })))).toBe(expected);
});
