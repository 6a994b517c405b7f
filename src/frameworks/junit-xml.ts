import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type { CaseStatus, TestCase } from '../core/model/cases.js';
import { caseText } from './judge.js';

/** The name attributes of a JUnit case; empty strings if absent. */
export type JunitName = { readonly classname: string; readonly name: string; readonly file: string };

const MANY = ['testsuite', 'testcase', 'failure', 'error', 'skipped', 'system-out', 'system-err'] as const;
const REPEATS = ['rerunFailure', 'rerunError', 'flakyFailure', 'flakyError'] as const;
const lists: ReadonlySet<string> = new Set([...MANY, ...REPEATS]);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false, // A test may be called `007` or `1e3`.
  parseTagValue: false,
  htmlEntities: true, // Including numeric ones such as `&#10;`.
  isArray: (name) => lists.has(name),
});

const element = z.union([z.string(), z.looseObject({ '@message': z.string().optional(), '#text': z.string().optional() })]);
const elements = z.array(element).default([]);
/** The parser yields an empty string for an element without attributes and children. */
const orEmpty = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? {} : value), schema);
const testcase = z.object({
  '@classname': z.string().default(''),
  '@name': z.string().default(''),
  '@file': z.string().default(''),
  '@time': z.string().default('0'),
  failure: elements,
  error: elements,
  skipped: elements,
  rerunFailure: elements,
  rerunError: elements,
  flakyFailure: elements,
  flakyError: elements,
  'system-out': elements,
  'system-err': elements,
});
type RawCase = z.infer<typeof testcase>;
type Suite = { testcase: RawCase[]; testsuite: Suite[] };
const suite: z.ZodType<Suite> = z.lazy(() =>
  orEmpty(z.object({ testcase: z.array(orEmpty(testcase)).default([]), testsuite: z.array(suite).default([]) })),
);
const document = z
  .object({ testsuites: suite.optional(), testsuite: z.array(suite).optional() })
  .refine(({ testsuites, testsuite }) => testsuites !== undefined || testsuite !== undefined);

/**
 * Reads the cases of a JUnit XML report, in report order; duplicate names are kept. Returns null if the report is truncated,
 * malformed or not JUnit XML.
 */
export function readJunit(text: string | null, nameOf: (name: JunitName) => readonly string[] = pathOf): TestCase[] | null {
  if (text === null || XMLValidator.validate(text) !== true) return null;
  const read = document.safeParse(parser.parse(text));
  if (!read.success) return null;
  const suites = [...(read.data.testsuites === undefined ? [] : [read.data.testsuites]), ...(read.data.testsuite ?? [])];
  return suites.flatMap(casesOf).map((raw) => toCase(raw, nameOf));
}

const casesOf = ({ testcase, testsuite }: Suite): RawCase[] => [...testcase, ...testsuite.flatMap(casesOf)];

const pathOf = ({ classname, name }: JunitName): readonly string[] =>
  classname === '' || classname === name ? [name] : [classname, name];

function toCase(raw: RawCase, nameOf: (name: JunitName) => readonly string[]): TestCase {
  const [failure] = [...raw.failure, ...raw.error];
  const [skipped] = raw.skipped;
  const repeats = REPEATS.flatMap((kind) => raw[kind]).length;
  const output = caseText([...raw['system-out'], ...raw['system-err']].map(textOf).join('\n'));
  const status: CaseStatus = failure !== undefined ? 'failed' : skipped !== undefined ? 'skipped' : 'passed';
  const reason = failure ?? skipped;
  const message = reason === undefined ? '' : caseText(messageOf(reason));
  const stack = failure === undefined ? '' : caseText(textOf(failure));
  return {
    name: nameOf({ classname: raw['@classname'], name: raw['@name'], file: raw['@file'] }),
    status,
    durationMs: milliseconds(raw['@time']),
    message: message === '' ? null : message,
    ...(stack === '' ? {} : { stack }),
    ...(repeats === 0 ? {} : { retries: repeats }),
    ...(output === '' ? {} : { output }),
  };
}

const textOf = (part: z.infer<typeof element>): string => (typeof part === 'string' ? part : (part['#text'] ?? ''));
const messageOf = (part: z.infer<typeof element>): string => (typeof part === 'string' ? part : part['@message'] || textOf(part));

/** Converts seconds, which some writers format with thousands separators: `1,234.5`. */
function milliseconds(time: string): number {
  const seconds = Number(time.replaceAll(',', ''));
  return Number.isFinite(seconds) ? Math.round(seconds * 1e6) / 1e3 : 0;
}
