import { mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import { readJunit } from '../../src/frameworks/junit-xml.js';
import { readReport, textOf } from '../../src/frameworks/report-text.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-report-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const report = () => path.join(folder, 'report.xml');

test('a report is text, and one that is not there is none', async () => {
  expect(await readReport(report())).toEqual({ kind: 'none' });
  await writeFile(report(), '<testsuite/>');
  expect(await readReport(report())).toEqual({ kind: 'text', text: '<testsuite/>' });
});

test.each([
  ['a pipe that nobody writes to', () => execa('mkfifo', [report()]), 'it is no regular file.'],
  ['a device without end', () => symlink('/dev/zero', report()), 'it is no regular file.'],
  ['a file that is too large', makeLarge, 'it has 65 MiB, more than 64.'],
])('%s is refused at once', async (_, make, reason) => {
  await make();
  const refused = await readReport(report());
  expect(refused).toEqual({ kind: 'refused', reason });
  expect(() => textOf(refused)).toThrow(reason);
});

async function makeLarge(): Promise<void> {
  const file = await open(report(), 'w');
  await file.truncate(DEFAULTS.reportBytes + 1); // Takes no room on the disk.
  await file.close();
}

test('XML that would take the worker too long is refused before it is parsed', () => {
  const one = '<testcase name="a"/>';
  const xml = `<testsuite>${one.repeat(DEFAULTS.xmlCharacters / one.length)}</testsuite>`;
  expect(() => readJunit(xml)).toThrow('of XML');
});
