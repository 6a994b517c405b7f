import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { FileReport, SuiteReport } from '../../src/core/model/suite-report.js';
import { type CliEnd, runCli } from './cli.js';
import type { Project } from './project.js';

const SCHEMA = new URL('../../schema/holdfast.result.schema.json', import.meta.url);

export type SuiteRun = CliEnd & { readonly report: SuiteReport };

/** `holdfast run` of one suite to its end, with its JSON result held against the schema and its own sums. */
export async function runSuite(
  project: Project,
  suite: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<SuiteRun> {
  const end = await runCli(['run', '--suite', suite, '--reporter', `json=${suite}.json`, ...args], { cwd: project.root, env });
  const report = await project.read(`${suite}.json`).catch(() => {
    throw new Error(`No report was written.\n${end.stdout}\n${end.stderr}`);
  });
  return { ...end, report: await checkReport(report) };
}

/** A JSON result that keeps its schema and whose counts are those of its files. */
export async function checkReport(text: string): Promise<SuiteReport> {
  const report: SuiteReport = JSON.parse(text);
  await checkSchema(report);
  checkSums(report);
  return report;
}

/** The same of a command that ran several suites. */
export async function checkReports(text: string): Promise<readonly SuiteReport[]> {
  const document: { readonly suites: readonly SuiteReport[] } = JSON.parse(text);
  await checkSchema(document);
  for (const report of document.suites) checkSums(report);
  return document.suites;
}

async function checkSchema(document: unknown): Promise<void> {
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(await readFile(SCHEMA, 'utf8')));
  expect(validate(document), JSON.stringify(validate.errors, null, 2)).toBe(true);
}

function checkSums(report: SuiteReport): void {
  const { planned, lost, countedTwice, cases: _cases, ...verdicts } = report.totals;
  expect(report.files).toHaveLength(planned);
  for (const [verdict, count] of Object.entries(verdicts)) {
    expect(
      report.files.filter((file) => file.verdict === verdict),
      verdict,
    ).toHaveLength(count);
  }
  expect({ lost, countedTwice }).toEqual({ lost: 0, countedTwice: 0 });
}

/** Verdicts by path. */
export function verdictsOf({ files }: SuiteReport): Record<string, string> {
  return Object.fromEntries(files.map(({ path, verdict }) => [path, verdict]));
}

/** One file of a report. */
export function fileOf({ files }: Pick<SuiteReport, 'files'>, path: string): FileReport {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`The report has no ${path}.`);
  return file;
}
