import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
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
type Element = z.infer<typeof element>;
const elements = z.array(element).default([]);
/** The parser yields an empty string for an element without attributes and children. */
const orEmpty = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? {} : value), schema);
const testcase = z.object({
  '@classname': z.string().default(''),
  '@name': z.string().default(''),
  '@file': z.string().default(''),
  '@time': z.string().default('0'),
  '@status': z.string().default(''),
  '@result': z.string().default(''),
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
const count = z.coerce.number().catch(0);
type Suite = {
  '@name': string;
  '@failures': number;
  '@errors': number;
  testcase: RawCase[];
  testsuite: Suite[];
  failure: Element[];
  error: Element[];
};
const suite: z.ZodType<Suite> = z.lazy(() =>
  orEmpty(
    z.object({
      '@name': z.string().default(''),
      '@failures': count,
      '@errors': count,
      testcase: z.array(orEmpty(testcase)).default([]),
      testsuite: z.array(suite).default([]),
      failure: elements,
      error: elements,
    }),
  ),
);
const document = z
  .object({ testsuites: suite.optional(), testsuite: z.array(suite).optional() })
  .refine(({ testsuites, testsuite }) => testsuites !== undefined || testsuite !== undefined);

/**
 * Reads the cases of a JUnit XML report, in report order; duplicate names are kept. Returns null if the report is truncated,
 * malformed or not JUnit XML. Throws on XML that the parser refuses, such as an external entity.
 */
export function readJunit(text: string | null, nameOf: (name: JunitName) => readonly string[] = pathOf): TestCase[] | null {
  if (text === null) return null;
  const xml = withoutLongTexts(text);
  if (xml.length > DEFAULTS.xmlCharacters) throw new Error(`it has more than ${DEFAULTS.xmlCharacters} characters of XML.`);
  if (XMLValidator.validate(xml) !== true) return null;
  const read = document.safeParse(parser.parse(xml));
  if (!read.success) return null;
  const { testsuites, testsuite = [] } = read.data;
  return [...(testsuites === undefined ? [] : [testsuites]), ...testsuite].flatMap((one) => casesOf(one, nameOf));
}

/** Longest text to parse: no reader sees more of it, and parsing megabytes takes seconds. */
const LONGEST = 4 * DEFAULTS.messageCharacters;

function withoutLongTexts(xml: string): string {
  if (xml.length <= LONGEST) return xml;
  return xml.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^<>]*>|[^<]+/g, (token) => {
    if (token.length <= LONGEST || token.startsWith('<!--')) return token;
    const [start, end] = [token.slice(0, LONGEST / 2), token.slice(-LONGEST / 2)];
    return token.startsWith('<') ? `${start}…${end}` : `${start.replace(/&[^;]*$/, '')}…${end.replace(/^[^&;]{0,9};/, '')}`;
  });
}

/** The cases of a suite, with one for each failure that it reports of itself, or counts but does not show. */
function casesOf(suite: Suite, nameOf: (name: JunitName) => readonly string[]): TestCase[] {
  const cases = [
    ...suite.testcase.map((raw) => toCase(raw, nameOf)),
    ...suite.testsuite.flatMap((inner) => casesOf(inner, nameOf)),
  ];
  const own = [...suite.failure, ...suite.error].map((failure) => suiteCase(suite, caseText(messageOf(failure)), failure));
  const counted = suite['@failures'] + suite['@errors'];
  const isSilent = counted > 0 && own.length === 0 && cases.every(({ status }) => status !== 'failed');
  const missing = isSilent ? [suiteCase(suite, `The report counts ${counted} failed, and shows none.`)] : [];
  return [...cases, ...own, ...missing];
}

function suiteCase({ '@name': name }: Suite, message: string, failure: Element = ''): TestCase {
  const stack = caseText(textOf(failure));
  return { name: [name || 'suite'], status: 'failed', durationMs: 0, message, ...(stack !== '' && { stack }) };
}

const pathOf = ({ classname, name }: JunitName): readonly string[] =>
  classname === '' || classname === name ? [name] : [classname, name];

function toCase(raw: RawCase, nameOf: (name: JunitName) => readonly string[]): TestCase {
  const [failure] = [...raw.failure, ...raw.error];
  const [skipped] = raw.skipped;
  const repeats = REPEATS.flatMap((kind) => raw[kind]).length;
  const output = caseText([...raw['system-out'], ...raw['system-err']].map(textOf).join('\n'));
  const status = statusOf(raw);
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

/** Words of writers that mark a case that did not run by an attribute alone, such as GoogleTest and CTest. */
const NOT_RUN = /^(notrun|skipped|disabled|ignored|suppressed)$/i;

function statusOf({ failure, error, skipped, '@status': status, '@result': result }: RawCase): CaseStatus {
  if (failure.length + error.length > 0) return 'failed';
  return skipped.length > 0 || NOT_RUN.test(status) || NOT_RUN.test(result) ? 'skipped' : 'passed';
}

const textOf = (part: Element): string => (typeof part === 'string' ? part : (part['#text'] ?? ''));
const messageOf = (part: Element): string => (typeof part === 'string' ? part : part['@message'] || textOf(part));

/** Converts seconds, which some writers format with thousands separators: `1,234.5`. */
function milliseconds(time: string): number {
  const seconds = Number(time.replaceAll(',', ''));
  return Number.isFinite(seconds) ? Math.round(seconds * 1e6) / 1e3 : 0;
}
