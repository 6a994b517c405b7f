import { expect, test } from 'vitest';
import { renderAnnotations } from '../../src/reporters/github.js';
import { renderStepSummary } from '../../src/reporters/step-summary.js';
import { aCase, anOutcome, aReport, aResult, LOST } from './samples.js';

const bad = (path: string, message = 'no', stack?: string) =>
  aResult(path, 'failed', [
    anOutcome('failed', [{ ...aCase('a', 'failed', message), ...(stack === undefined ? {} : { stack }) }]),
  ]);

test('a failure is an error at its line, relative to the workspace, with everything escaped', () => {
  const report = aReport([
    bad('tests/a,b.test.ts', '100 %\nof: it', 'Error: no\n    at run (file:///checkout/web/tests/a,b.test.ts:12:7)'),
  ]);
  expect(renderAnnotations([report], () => 'packages/web')).toBe(
    '::error file=packages/web/tests/a%2Cb.test.ts,line=12,title=group > a::100 %25%0Aof: it\n',
  );
});

test.each([
  ['pytest', 'tests/test_a.py', 'tests/test_a.py:7: AssertionError', 'file=tests/test_a.py,line=7,'],
  ['rspec', 'spec/a_spec.rb', '# ./spec/a_spec.rb:5:in `block', 'file=spec/a_spec.rb,line=5,'],
  ['junit', 'src/test/java/b/ATest.java', 'at b.ATest.red(ATest.java:21)', 'file=src/test/java/b/ATest.java,line=21,'],
  ['junit', 'src/test/java/b/ATest.java', 'at b.OtherATest.red(OtherATest.java:2)', 'file=src/test/java/b/ATest.java,title='],
  ['go', 'pkg/queue', '    queue_test.go:21: got 1', 'file=pkg/queue/queue_test.go,line=21,'],
  ['go', '.', '    queue_test.go:21: got 1', 'file=queue_test.go,line=21,'],
  ['go', 'pkg/v1.2', 'panic: no', 'file=pkg/v1.2,title='],
  ['command', 'tests/a.sh', 'exit code 1 at 10:30', 'file=tests/a.sh,title='],
  ['command', 'tests/a', 'queue_test.go:21: got 1', 'file=tests/a,title='],
] as const)('the line of a failure of %s in %s', (framework, path, message, expected) => {
  const report = aReport([bad(path, message)]);
  expect(renderAnnotations([{ ...report, run: { ...report.run, framework } }], () => '.')).toContain(expected);
});

test('flaky files are warnings, files without cases and runs without a verdict errors', () => {
  const files = [
    aResult('f', 'flaky', [anOutcome('failed'), anOutcome('passed')]),
    aResult('c', 'failed', [anOutcome('crashed', [], 'core dumped')]),
    aResult('i', 'infraError', [LOST]),
  ];
  const lines = renderAnnotations([aReport(files, { problem: 'Stopped.' })], () => '')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => line.slice(0, line.indexOf('::', 2)))).toEqual([
    '::error file=c,title=Failed%3A c',
    '::error file=i,title=Infra-error%3A i',
    '::error title=Suite unit%3A failed',
    '::warning file=f,title=Flaky%3A f',
  ]);
  expect(lines[0]).toContain('core dumped');
});

test('never more than ten of a kind: the tenth tells how many more', () => {
  const lines = (count: number) =>
    renderAnnotations([aReport(Array.from({ length: count }, (_, n) => bad(`${n}.ts`)))], () => '.')
      .trimEnd()
      .split('\n');
  expect(lines(10)).toHaveLength(10);
  expect(lines(10).at(-1)).toContain('file=9.ts');
  expect(lines(25)).toHaveLength(10);
  expect(lines(25).at(-1)).toBe('::error title=16 more::16 more: see the step summary or the log.');
});

test('the step summary has the table, the failures with their text, and the proof', () => {
  const text = renderStepSummary([
    aReport([bad('a|b.ts', 'has ``` in it <b>'), aResult('f', 'flaky', [anOutcome('failed'), anOutcome('passed')])]),
  ]);
  expect(text).toContain('| unit | failed | 2 | 1 | 1 |');
  expect(text).toContain('````\ngroup > a\nhas ``` in it <b>\n````');
  expect(text).toContain('- `f`: passed on attempt 2');
  expect(text).toContain('planned 2 = passed 0 + flaky 1 + failed 1');
});

test('a step summary stays below 1 MiB and says that it was cut', () => {
  const long = '😀'.repeat(4_000);
  const text = renderStepSummary([aReport(Array.from({ length: 200 }, (_, n) => bad(`${n}.ts`, long)))]);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024 * 1_024);
  expect(text).toContain('The rest did not fit');
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
});
