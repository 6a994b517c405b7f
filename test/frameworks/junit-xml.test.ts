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
  ['what GoogleTest did not run', '<testcase name="a" status="notrun" result="suppressed"/>', { status: 'skipped' }],
  ['what GoogleTest skipped', '<testcase name="a" status="run" result="skipped"/>', { status: 'skipped' }],
  ['what CTest has disabled', '<testcase name="a" status="disabled"/>', { status: 'skipped' }],
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
  [
    'an error of a suite is a failed case',
    '<error message="no database">at setup</error>',
    { message: 'no database', stack: 'at setup' },
  ],
  ['so is its failure', '<testsuite name="inner"><failure>why</failure></testsuite>', { name: ['inner'], message: 'why' }],
  [
    'a failure that is only counted',
    '<testsuite name="inner" failures="2"/>',
    { message: 'The report counts 2 failed, and shows none.' },
  ],
])('%s', (_what, xml, expected) => {
  const passed = { name: ['a'], status: 'passed' };
  const red = readJunit(inSuite(`<testcase name="a"/>${xml}`));
  expect(red).toMatchObject([passed, { status: 'failed', ...expected }]);
});

test('counts that say the same as the cases add none', () => {
  const red = '<testsuite failures="1" errors="0"><testcase name="a"><failure/></testcase></testsuite>';
  expect(readJunit(`<testsuites failures="1">${red}</testsuites>`)).toHaveLength(1);
  expect(readJunit('<testsuite failures="" errors="none"><testcase name="a"/></testsuite>')).toHaveLength(1);
});

test('megabytes of output are passed over', () => {
  const output = `first &lt;${'line &amp; line\n'.repeat(2_000_000)}`;
  const xml = inSuite(
    `<testcase name="a"><system-out>${output}</system-out></testcase><testcase name="b"><failure><![CDATA[${output}]]></failure></testcase>`,
  );
  const startMs = performance.now();
  const cases = readJunit(xml);
  expect(cases).toMatchObject([{ output: expect.stringMatching(/^first <line & line\n/) }, { status: 'failed' }]);
  expect(performance.now() - startMs).toBeLessThan(5_000); // Parsed, it takes twenty times as long.
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
