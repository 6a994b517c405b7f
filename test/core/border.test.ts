import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTIVITIES,
  HEARTBEAT,
  OBJECTS,
  parse,
  QUERIES,
  type Schema,
  SIGNALS,
  UPDATES,
  WORKFLOWS,
} from '../../src/core/border/index.js';
import { seededRandom } from '../../src/core/plan/random.js';
import { aPass, broken } from '../support/malformed.js';

const calls = { ...ACTIVITIES, ...WORKFLOWS, ...QUERIES };
const schemas: readonly (readonly [string, Schema<unknown>])[] = [
  ...Object.entries(calls).flatMap(([name, { input, output }]) => [
    [`${name} input`, input] as const,
    [`${name} output`, output] as const,
  ]),
  ...Object.entries({ ...SIGNALS, ...UPDATES, ...OBJECTS, heartbeat: HEARTBEAT }),
];

test.each(schemas)(
  '%s: whatever arrives, it is parsed or refused with a reason, and what is parsed parses again',
  (_, schema) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = parse(schema, value);
        if (parsed.kind === 'malformed') expect(parsed.why).not.toBe('');
        else expect(parse(schema, parsed.value)).toEqual(parsed);
      }),
      { numRuns: Number(process.env.HOLDFAST_FUZZ ?? 50) },
    );
  },
);

test('an answer that is broken in any place is malformed', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      expect(parse(ACTIVITIES.runFiles.output, broken([aPass('w/1')], seededRandom(seed)))).toMatchObject({ kind: 'malformed' });
    }),
    { numRuns: Number(process.env.HOLDFAST_FUZZ ?? 300) },
  );
});

test.each([
  [[aPass('w/1')], undefined],
  ['x', 'it is no array'],
  [null, 'it is no array'],
  [{ worker: 'x' }, 'it is no array'],
  [[{ ...aPass('w/1'), outcome: { kind: 'wat' } }], '0.outcome.kind is malformed (invalid union)'],
  [[{ ...aPass('w/1'), startedAtMs: '5' }], '0.startedAtMs is no number'],
])('the reason names the place: %j', (value, why) => {
  const parsed = parse<unknown>(ACTIVITIES.runFiles.output, value);
  expect(parsed.kind === 'malformed' ? parsed.why : undefined).toBe(why);
});

test('what a newer version adds is dropped', () => {
  const [pass] = [aPass('w/1')];
  const { outcome } = pass;
  expect(parse(ACTIVITIES.runFiles.output, [{ ...pass, mood: 'good', outcome: { ...outcome, mood: 'good' } }])).toEqual({
    kind: 'good',
    value: [pass],
  });
});
