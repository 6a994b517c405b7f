import { expect, test } from 'vitest';
import { readJunit } from '../../src/frameworks/junit-xml.js';

const inSuite = (cases: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="s">${cases}</testsuite></testsuites>`;

test.each([
  ['no attribute is a number', '<testcase classname="1.0" name="007" time="1"/>', { name: ['1.0', '007'], durationMs: 1_000 }],
  ['a class of the same name is not said twice', '<testcase classname="a" name="a"/>', { name: ['a'], durationMs: 0 }],
  ['entities', '<testcase name="&lt;a&gt; &amp;&#10;&quot;&#x41;&apos;"/>', { name: ['<a> &\n"A\''] }],
  ['an entity that is text stays one', '<testcase name="&amp;lt;"/>', { name: ['&lt;'] }],
  ['thousands', '<testcase name="a" time="1,234.5"/>', { durationMs: 1_234_500 }],
  ['time that is none', '<testcase name="a" time=""/>', { durationMs: 0 }],
  [
    'the first failure of several',
    '<testcase name="a"><failure message="one">trace</failure><error message="two"/></testcase>',
    { status: 'failed', message: 'one', stack: 'trace' },
  ],
  [
    'a failure without a message',
    '<testcase name="a"><failure><![CDATA[a < b]]></failure></testcase>',
    { message: 'a < b', stack: 'a < b' },
  ],
  ['an empty failure', '<testcase name="a"><failure/></testcase>', { status: 'failed', message: null }],
  ['why it was skipped', '<testcase name="a"><skipped message="later"/></testcase>', { status: 'skipped', message: 'later' }],
  ['skipped', '<testcase name="a"><skipped/></testcase>', { status: 'skipped', message: null }],
  [
    'output',
    '<testcase name="a"><system-out>out</system-out><system-err><![CDATA[\u001b[31merr]]></system-err></testcase>',
    { output: 'out\nerr' },
  ],
  [
    'repeats',
    '<testcase name="a"><flakyFailure message="x">t</flakyFailure><flakyError/></testcase>',
    { status: 'passed', retries: 2 },
  ],
  [
    'a name like a property of every object',
    '<testcase classname="__proto__" name="constructor"/>',
    { name: ['__proto__', 'constructor'] },
  ],
  ['a case without anything', '<testcase/>', { name: [''], status: 'passed' }],
])('%s', (_what, xml, expected) => {
  expect(readJunit(inSuite(xml))).toMatchObject([expected]);
});

test('suites may be nested, alone, or without a root of their own; cases of one name are all kept', () => {
  const names = (xml: string) => readJunit(xml)?.map(({ name }) => name.join('/'));
  const inner = '<testsuite><testcase name="c"/></testsuite>';
  expect(names(inSuite(`<testcase name="a"/>${inner}<testcase name="a"/>`))).toEqual(['a', 'a', 'c']);
  expect(names('<testsuite name="s"><properties/><testcase name="a"/></testsuite>')).toEqual(['a']);
  expect(names('<testsuites><testsuite/><testsuite><testcase name="b"/></testsuite></testsuites>')).toEqual(['b']);
  expect(names('<testsuites/>')).toEqual([]);
  expect(names('<testsuite tests="0"></testsuite>')).toEqual([]);
});

test.each([
  ['nothing', null],
  ['an empty file', ''],
  ['cut off in an element', inSuite('<testcase name="a"/>').slice(0, -20)],
  ['cut off in an attribute', '<testsuites><testsuite><testcase name="a'],
  ['not well-formed', '<testsuites><testsuite></testsuites></testsuite>'],
  ['something else', '<coverage lines="3"/>'],
  ['no XML', 'ok 1 - a test'],
])('%s is no report', (_what, text) => {
  expect(readJunit(text)).toBeNull();
});

test('a report of 60,000 cases is read in seconds', () => {
  const lines = Array.from(
    { length: 60_000 },
    (_, index) => `<testcase classname="tests.test_a" name="b[&lt;${index}&gt;]" time="0.001" />`,
  );
  const startMs = performance.now();
  const cases = readJunit(inSuite(lines.join('')));
  expect(cases).toHaveLength(60_000);
  expect(cases?.at(-1)?.name).toEqual(['tests.test_a', 'b[<59999>]']);
  expect(performance.now() - startMs).toBeLessThan(15_000); // Some 1.5 s on an idle core.
});
