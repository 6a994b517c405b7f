import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Terminal } from '../../src/render/terminal.js';
import { createReporters, parseReporter, REPORTERS, type ReporterIo } from '../../src/reporters/index.js';
import { anOutcome, aReport, aResult, aRunView, aTerminal } from './samples.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-reporters-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function anIo(look: Partial<Terminal> = {}) {
  const [stdout, stderr] = [aTerminal(look), aTerminal()];
  const summaries: string[] = [];
  const io: ReporterIo = {
    stdout,
    stderr,
    now: () => 0,
    writeFile,
    appendStepSummary: (text) => void summaries.push(text),
    folderOf: () => '.',
  };
  return { io, stdout, stderr, summaries };
}

test.each([
  ['live', { name: 'live', path: null }],
  ['junit=out/a=b.xml', { name: 'junit', path: 'out/a=b.xml' }],
  ['json=-', { name: 'json', path: '-' }],
])('%s is understood', (text, spec) => {
  expect(parseReporter(text)).toEqual(spec);
});

test.each(['teamcity', 'tap', 'junit', 'json=', 'live=x', 'github=x', ''])('"%s" is a usage error', (text) => {
  expect(() => parseReporter(text)).toThrowError(expect.objectContaining({ code: 'USAGE' }));
});

test('files are written beside the summary for the person', async () => {
  const { io, stdout } = anIo();
  const reporter = await createReporters(
    [parseReporter(`json=${join(folder, 'r.json')}`), parseReporter(`junit=${join(folder, 'r.xml')}`)],
    io,
  );
  const report = aReport([aResult('a', 'passed', [anOutcome('passed')])]);
  await reporter.finish([report]);
  expect(JSON.parse(await readFile(join(folder, 'r.json'), 'utf8'))).toEqual(report);
  expect(await readFile(join(folder, 'r.xml'), 'utf8')).toContain('<testsuites');
  expect(stdout.text()).toContain('planned 1 =');
});

const FILE_REPORTERS = Object.entries(REPORTERS).flatMap(([name, { kind }]) => (kind === 'file' ? [name] : []));
const STARTS: Readonly<Record<string, RegExp>> = { junit: /^<\?xml/, json: /^\{/, tap: /^TAP version 13\n/ };

test.each(FILE_REPORTERS)('%s writes its own format', async (name) => {
  const { io, stdout } = anIo();
  await (await createReporters([parseReporter(`${name}=-`)], io)).finish([aReport([])]);
  expect(stdout.text()).toMatch(STARTS[name] ?? /a format that no other reporter writes/);
});

test('a command that detached before any run ended leaves no report that looks green', async () => {
  const { io, stdout, summaries } = anIo();
  const path = join(folder, 'r.xml');
  await (await createReporters([parseReporter(`junit=${path}`), parseReporter('github')], io)).finish([]);
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  expect([stdout.text(), ...summaries]).toEqual(['']);
});

test('a report on standard output has it for itself', async () => {
  const { io, stdout, stderr } = anIo();
  const reporter = await createReporters([parseReporter('json=-')], io);
  reporter.update([aRunView()]);
  await reporter.finish([aReport([])]);
  expect(JSON.parse(stdout.text())).toEqual(aReport([]));
  expect(stderr.text()).toContain('planned 0 =');
  await expect(createReporters([parseReporter('json=-'), parseReporter('junit=-')], io)).rejects.toMatchObject({ code: 'USAGE' });
});

test.each([
  [[], true, true],
  [['live'], true, true],
  [['live'], false, false],
  [['ci'], true, false],
  [[], false, false],
])('%j on a terminal (%s) redraws: %s', async (names, isTTY, redraws) => {
  const { io, stdout } = anIo({ isTTY });
  (await createReporters(names.map(parseReporter), io)).update([aRunView()]);
  expect(stdout.text().includes('\u001b[')).toBe(redraws);
});

test('github annotates the log and writes the step summary', async () => {
  const { io, stdout, summaries } = anIo();
  await (await createReporters([parseReporter('github')], io)).finish([aReport([aResult('a', 'failed', [anOutcome('failed')])])]);
  expect(stdout.text()).toContain('::error file=a,');
  expect(summaries).toEqual([expect.stringContaining('## Holdfast')]);
});

test('a report that cannot be written is an error, after everything else was said', async () => {
  const { io, stdout } = anIo();
  const reporter = await createReporters(
    [parseReporter(`json=${join(folder, 'missing', 'r.json')}`), parseReporter(`junit=${join(folder, 'r.xml')}`)],
    io,
  );
  await expect(reporter.finish([aReport([])])).rejects.toMatchObject({ code: 'ENOENT' });
  expect(stdout.text()).toContain('planned 0 =');
  expect(await readFile(join(folder, 'r.xml'), 'utf8')).toContain('<testsuites');
});
