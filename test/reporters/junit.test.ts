import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { toJUnit } from '../../src/reporters/junit.js';
import { aCase, anOutcome, anyReport, aReport, aResult, LOST } from './samples.js';

type Node = { readonly [name: string]: unknown };

/** JUnit as a CI reader sees it; elements that may repeat are always lists. */
function parse(xml: string): Node[] {
  const lists = new Set([
    'testsuite',
    'testcase',
    'property',
    'failure',
    'error',
    'skipped',
    'flakyFailure',
    'flakyError',
    'rerunFailure',
    'rerunError',
  ]);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => lists.has(name),
    parseTagValue: false,
  });
  return [parser.parse(xml, true).testsuites];
}
const list = (node: Node, name: string): Node[] => (Array.isArray(node[name]) ? node[name] : []);
const count = (node: Node | undefined, name: string): number => Number(node?.[`@${name}`]);
const suitesOf = (xml: string): Node[] => parse(xml).flatMap((root) => list(root, 'testsuite'));
const casesOf = (xml: string): Node[] => suitesOf(xml).flatMap((suite) => list(suite, 'testcase'));

const COUNTS = [
  ['failures', 'failure'],
  ['errors', 'error'],
  ['skipped', 'skipped'],
] as const;

test('counts add up at every level and say the same as the JSON, in whatever order attempts went', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const xml = toJUnit([report]);
      const [root] = parse(xml);
      const suites = suitesOf(xml);
      for (const [attribute, element] of COUNTS) {
        for (const suite of suites)
          expect(count(suite, attribute)).toBe(list(suite, 'testcase').filter((one) => list(one, element).length > 0).length);
        expect(count(root, attribute)).toBe(suites.reduce((sum, suite) => sum + count(suite, attribute), 0));
      }
      for (const suite of suites) expect(count(suite, 'tests')).toBe(list(suite, 'testcase').length);
      expect(count(root, 'tests')).toBe(suites.reduce((sum, suite) => sum + count(suite, 'tests'), 0));

      const ofCases = casesOf(xml).filter((one) => one['@name'] !== one['@file']);
      const { cases } = report.totals;
      expect(ofCases.length).toBe(cases.passed + cases.failed + cases.skipped);
      const quarantined = report.files
        .filter(({ verdict }) => verdict === 'quarantined')
        .flatMap(({ attempts }) => attempts.at(-1)?.cases ?? []);
      const hidden = quarantined.filter(({ status }) => status === 'failed').length;
      expect(ofCases.filter((one) => list(one, 'failure').length > 0).length).toBe(cases.failed - hidden);
      expect(ofCases.filter((one) => list(one, 'skipped').length > 0).length).toBe(cases.skipped + hidden);

      for (const file of report.files) {
        const suite = suites.find((one) => one['@file'] === file.path);
        const red = count(suite, 'failures') + count(suite, 'errors');
        expect(red > 0, `${file.path} is ${file.verdict}`).toBe(['failed', 'infraError', 'notRun'].includes(file.verdict));
        expect(count(suite, 'tests')).toBeGreaterThan(0);
      }
    }),
    { numRuns: 200 },
  );
});

test('every red attempt of a flaky file is visible though the file is green', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const suites = suitesOf(toJUnit([report]));
      for (const file of report.files.filter(({ verdict }) => verdict === 'flaky')) {
        const cases = suites.filter((one) => one['@file'] === file.path).flatMap((suite) => list(suite, 'testcase'));
        const flakes = cases.flatMap((one) => [...list(one, 'flakyFailure'), ...list(one, 'flakyError')]);
        const reds = file.attempts.slice(0, -1).length;
        expect(flakes.length).toBeGreaterThanOrEqual(reds);
      }
    }),
    { numRuns: 100 },
  );
});

test('a case that failed first and passed then carries its failure, as Surefire writes it', () => {
  const red = anOutcome('failed', [aCase('a', 'failed', 'expected 1\nto be 2'), aCase('b')]);
  const [a, b] = casesOf(
    toJUnit([aReport([aResult('f.test.ts', 'flaky', [red, anOutcome('passed', [aCase('a'), aCase('b')])])])]),
  );
  expect(a?.flakyFailure).toEqual([{ '@message': 'expected 1', '@type': 'failed', stackTrace: 'expected 1\nto be 2' }]);
  expect(b).not.toHaveProperty('flakyFailure');
});

test('a case that failed every time has its first failure as the failure and the later ones as reruns', () => {
  const attempt = (message: string) => anOutcome('failed', [aCase('a', 'failed', message)]);
  const [a] = casesOf(
    toJUnit([aReport([aResult('f.test.ts', 'failed', [attempt('one'), LOST, attempt('two'), attempt('three')])])]),
  );
  expect(a).toMatchObject({ failure: [{ '@message': 'one' }], rerunFailure: [{ '@message': 'two' }, { '@message': 'three' }] });
});

test('cases of one name are kept, and each is matched with its own earlier failure', () => {
  const first = anOutcome('failed', [aCase('same'), aCase('same', 'failed', 'no')]);
  const cases = casesOf(
    toJUnit([aReport([aResult('f.test.ts', 'flaky', [first, anOutcome('passed', [aCase('same'), aCase('same')])])])]),
  );
  expect(cases.map((one) => list(one, 'flakyFailure').length)).toEqual([0, 1]);
  expect(cases.map((one) => one['@name'])).toEqual(['group > same', 'group > same (2)']);
});

test('no two cases of a file have one name', () => {
  const names = ['same', 'same (2)', 'same', '\u0001same', 'a > b'];
  const outcome = anOutcome('passed', [...names.map((name) => aCase(name)), { ...aCase('b'), name: ['group', 'a', 'b'] }]);
  const cases = casesOf(toJUnit([aReport([aResult('f.test.ts', 'passed', [outcome])])]));
  expect(cases.map((one) => one['@name'])).toEqual(
    ['same', 'same (2)', 'same (3)', 'same (4)', 'a > b', 'a > b (2)'].map((name) => `group > ${name}`),
  );
});

test.each(['crashed', 'timedOut'] as const)('a file that %s is an error although its cases passed', (kind) => {
  const [, ofFile] = casesOf(toJUnit([aReport([aResult('f.test.ts', 'failed', [anOutcome(kind, [aCase('a')])])])]));
  expect(ofFile).toMatchObject({ '@name': 'f.test.ts', error: [{ '@type': kind }] });
});

test('losses and attempts are told apart in the properties', () => {
  const [suite] = suitesOf(toJUnit([aReport([aResult('f.test.ts', 'passed', [LOST, anOutcome('passed', [aCase('a')])])])]));
  const properties = Object(suite?.properties).property.map((one: Node) => [one['@name'], one['@value']]);
  expect(Object.fromEntries(properties)).toMatchObject({
    'holdfast.verdict': 'passed',
    'holdfast.attempts': '1',
    'holdfast.losses': '1',
    'holdfast.worker': 'host/2',
    'holdfast.loss.1': expect.stringContaining('preempted on host/1 after 500 ms'),
  });
});

test.each([
  ['a problem of the run', { problem: 'Nothing could be listed.', status: 'incomplete' }],
  ['flaky files that were asked to fail', { status: 'failed', exitCode: 1 }],
] as const)('%s is red in JUnit too', (_, run) => {
  const flaky = aResult('f.test.ts', 'flaky', [anOutcome('failed'), anOutcome('passed')]);
  const [root] = parse(toJUnit([aReport([flaky], run)]));
  expect(count(root, 'errors')).toBe(1);
});

test('what XML cannot hold is left out, colours too, and the rest survives', () => {
  const message = 'a\u0000b\u001b[31mred\u001b[39m <&>"\' \ud800 \uffff 😀';
  const xml = toJUnit([aReport([aResult('f "<&>.test.ts', 'failed', [anOutcome('failed', [aCase('x', 'failed', message)])])])]);
  expect(casesOf(xml)[0]).toMatchObject({ '@file': 'f "<&>.test.ts', failure: [{ '@message': `abred <&>"'   😀` }] });
});

test('files of several suites do not share a name', () => {
  const same = [aResult('f.test.ts', 'passed', [anOutcome('passed')])];
  const names = suitesOf(toJUnit([aReport(same), aReport(same, { suite: 'e2e' })])).map((suite) => suite['@name']);
  expect(names).toEqual(['unit: f.test.ts', 'e2e: f.test.ts']);
});
