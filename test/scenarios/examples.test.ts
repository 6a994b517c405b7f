import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { checkReport, checkReports, fileOf, verdictsOf } from '../support/result.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 180_000;

/** A copy of examples/ with the installed packages above it, so that what somebody keeps in examples/.holdfast has no part in it. */
let folder: string;
let examples: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-examples-')));
  examples = join(folder, 'examples');
  await mkdir(examples);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  await cp(join(REPOSITORY, 'examples'), examples, { recursive: true, filter: (path) => basename(path) !== '.holdfast' });
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test('the example is green in every framework, and its flaky file is counted', { timeout: PATIENCE_MS }, async () => {
  const end = await runCli(['run', '--with-workers', '--reporter', 'json=out.json'], { cwd: examples });
  expect(end, end.stderr).toMatchObject({ exitCode: 0, stderr: '' });

  const reports = await checkReports(await readFile(join(examples, 'out.json'), 'utf8'));
  const passed = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, 'passed']));
  expect(Object.fromEntries(reports.map((report) => [report.run.suite, verdictsOf(report)]))).toEqual({
    shop: passed(['cart.test.ts', 'discount.test.ts', 'invoice.test.ts', 'money.test.ts']),
    catalog: passed(['csv.test.js', 'page.test.js', 'search.test.js', 'slug.test.js']),
    gateway: passed(['backoff.spec.js', 'breaker.spec.js', 'lru.spec.js', 'token-bucket.spec.js']),
    warehouse: { ...passed(['event-log.test.js', 'queue.test.js', 'stock.test.js']), 'carrier.test.js': 'flaky' },
    ops: passed(['backup.test.sh', 'check-settings.test.sh', 'release-notes.test.sh', 'rotate.test.sh']),
  });
  expect(Object.fromEntries(reports.map(({ run, totals }) => [run.suite, totals.cases.passed]))).toEqual({
    shop: 22,
    catalog: 27,
    gateway: 16,
    warehouse: 14,
    ops: 4,
  });
  for (const line of end.stdout.match(/^Files .*/gm) ?? []) expect(line).toMatch(/lost 0; counted twice 0$/);
  expect(end.stdout.match(/^Flaky \(1\)$/gm)).toHaveLength(1);
});

test('the second run of the example knows how long its files take', { timeout: PATIENCE_MS }, async () => {
  const end = await runCli(['run', '--with-workers', '--suite', 'gateway', '--reporter', 'json=out.json'], { cwd: examples });
  expect(end, end.stderr).toMatchObject({ exitCode: 0 });

  const { files } = await checkReport(await readFile(join(examples, 'out.json'), 'utf8'));
  const estimates = files.map(({ path, estimateMs }) => [path, estimateMs]);
  expect(estimates).toHaveLength(4);
  for (const [, estimateMs] of estimates) expect(estimateMs).toBeGreaterThan(0);
  expect(fileOf({ files }, 'token-bucket.spec.js').estimateMs).toBeGreaterThan(2_500);
});

test('the broken suite shows each way to go wrong, and nothing else', { timeout: PATIENCE_MS }, async () => {
  const end = await runCli(['run', '--with-workers', '--suite', 'broken', '--reporter', 'json=out.json'], { cwd: examples });
  expect(end, end.stderr).toMatchObject({ exitCode: 1 });

  const report = await checkReport(await readFile(join(examples, 'out.json'), 'utf8'));
  const ends = report.files.map(({ path, verdict, attempts }) => [path, [verdict, ...attempts.map(({ outcome }) => outcome)]]);
  expect(Object.fromEntries(ends)).toEqual({
    'address.test.js': ['passed', 'passed'],
    'delivery.test.js': ['failed', 'timedOut'],
    'import-prices.test.js': ['failed', 'failed'],
    'payment.test.js': ['failed', 'crashed'],
    'returns.test.js': ['skipped', 'noTests'],
    'totals.test.js': ['failed', 'failed'],
  });
  expect(end.stdout).toContain('+   gross: 2665,\n      -   gross: 2666,');
  expect(end.stdout).toContain('SyntaxError: missing ) after argument list');
  expect(end.stdout).toContain('PAYMENT_API_KEY is not set, nothing to do');
  expect(end.stdout).toContain('delivery.test.js  timed out: past its timeout (4000 ms)');
  const [asItHappens = '', summary = ''] = end.stdout.split(/^(?=Failed \(4\)$)/m);
  expect(asItHappens.match(/^(passed|failed|skipped) /gm)).toHaveLength(6);
  expect(summary.match(/^(passed|failed|skipped) /gm)).toBeNull();
});
