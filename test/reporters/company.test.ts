import { expect, test } from 'vitest';
import { styleOf } from '../../src/render/style.js';
import { renderSummary } from '../../src/render/summary.js';
import { renderAnnotations } from '../../src/reporters/github.js';
import { toJUnit } from '../../src/reporters/junit.js';
import { renderStepSummary } from '../../src/reporters/step-summary.js';
import { aCase, anOutcome, aReport, aResult, aTerminal } from './samples.js';

const clash = { kind: 'address', what: 'port 80', holder: 'a.ts' } as const;
const red = { ...anOutcome('failed', [aCase('serves', 'failed', 'EADDRINUSE')]), beside: ['a.ts'], clash };
const alone = (kind: 'passed' | 'failed') => ({ ...anOutcome(kind, [aCase('serves', kind, null)]), alone: true as const });
const why = 'Collides: red while a.ts ran beside it (port 80 was in use by a.ts), green with the machine to itself';
const report = aReport([
  { ...aResult('a.ts', 'passed', [anOutcome('passed')]), apart: 'port 80 was in use' },
  { ...aResult('b.ts', 'flaky', [red, alone('passed')]), reason: why },
  aResult('c.ts', 'failed', [red, alone('failed')]),
]);

test('a summary lists what collides apart from what is flaky, and what ran by itself', () => {
  const text = renderSummary([report], styleOf(aTerminal()));
  expect(text).not.toContain('Flaky (');
  expect(text).toContain(`Collides (1)\n  ↻ b.ts  ${why}\n    group › serves: EADDRINUSE\n  From the next run on`);
  expect(text).toContain('c.ts  1 of 1 case failed; red again with the machine to itself');
  expect(text).toMatch(/Apart +1 file ran by themselves/);
});

test('GitHub and JUnit say it, too', () => {
  expect(renderAnnotations([report], () => '.')).toContain(`::warning file=b.ts,title=Collides%3A b.ts::${why}`);
  expect(renderStepSummary([report])).toContain('**Collides**\n\n- `b.ts`: Collides: red while');
  const xml = toJUnit([report]);
  expect(xml).toContain('<property name="holdfast.company" value="collides"/>');
  expect(xml).toContain('<property name="holdfast.apart" value="port 80 was in use"/>');
  expect(xml).toMatch(/holdfast\.attempt\.2" value="passed on .*, with the machine to itself"/);
});

test('a file that depends on others is listed as that', () => {
  const why = 'DependsOnFilesBefore: red by itself, green in one process after a.py';
  const alone = anOutcome('failed', [aCase('works', 'failed', 'no')]);
  const after = (kind: 'passed' | 'failed') => ({ ...anOutcome(kind, [aCase('works', kind, null)]), after: ['a.py'] });
  const dependent = aReport([
    { ...aResult('b.py', 'flaky', [alone, after('passed')]), reason: why },
    aResult('c.py', 'failed', [alone, after('failed')]),
  ]);
  const text = renderSummary([dependent], styleOf(aTerminal()));
  expect(text).toContain(`Depends on files before it (1)\n  ↻ b.py  ${why}\n    group › works: no\n  \`holdfast isolate FILE\``);
  expect(text).toContain('red after other files in one process as well');
  expect(renderAnnotations([dependent], () => '.')).toContain('title=Depends on files before it%3A b.py');
  expect(renderStepSummary([dependent])).toContain('**Depends on files before it**');
  expect(toJUnit([dependent])).toMatch(/holdfast\.attempt\.2" value="passed on .*, after other files in one process"/);
});
