import { XMLBuilder } from 'fast-xml-parser';
import type { SuiteReport } from '../core/model/suite-report.js';
import { plainText } from '../render/plain.js';
import { type JUnitCase, type JUnitSuite, suitesOf } from './junit-suite.js';

/** Renders runs as one merged JUnit XML with a test suite per file. docs/results.md describes it. */
export function toJUnit(reports: readonly SuiteReport[]): string {
  const suites = suitesOf(reports);
  const root = {
    '@name': 'holdfast',
    ...attributesOf(suites.flatMap(({ cases }) => cases)),
    '@time': seconds(sum(suites, ({ timeMs }) => timeMs)),
  };
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { ...root, testsuite: suites.map(suiteElement) },
  };
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
    format: true,
  });
  return builder.build(document);
}

function suiteElement({ name, file, timestamp, timeMs, properties, cases, output }: JUnitSuite): Element {
  return {
    '@name': attribute(name),
    ...(file === null ? {} : { '@file': attribute(file) }),
    '@timestamp': timestamp,
    ...attributesOf(cases),
    '@time': seconds(timeMs),
    properties: { property: properties.map(([key, value]) => ({ '@name': key, '@value': attribute(value) })) },
    testcase: cases.map((testCase) => caseElement(testCase, name, file)),
    ...(output === '' ? {} : { 'system-out': text(output) }),
  };
}

function caseElement({ name, timeMs, status, reruns, output }: JUnitCase, suite: string, file: string | null): Element {
  return {
    '@classname': attribute(suite),
    '@name': attribute(name),
    ...(file === null ? {} : { '@file': attribute(file) }),
    '@time': seconds(timeMs),
    ...(status.kind === 'passed' ? {} : { [status.kind]: statusElement(status) }),
    ...Object.fromEntries(
      (['flakyFailure', 'flakyError', 'rerunFailure', 'rerunError'] as const)
        .map((kind) => [kind, reruns.filter((rerun) => rerun.kind === kind)] as const)
        .filter(([, found]) => found.length > 0)
        .map(([kind, found]) => [
          kind,
          found.map(({ message, type, detail }) => ({ ...head(message, type), stackTrace: text(detail) })),
        ]),
    ),
    ...(output === '' ? {} : { 'system-out': text(output) }),
  };
}

type Element = Readonly<Record<string, unknown>>;

function statusElement(status: Exclude<JUnitCase['status'], { kind: 'passed' }>): Element {
  if (status.kind === 'skipped') return { '@message': attribute(status.message) };
  return { ...head(status.message, status.type), '#text': text(status.detail) };
}

function head(message: string, type: string): Element {
  return { '@message': attribute(message), '@type': type };
}

function attributesOf(cases: readonly JUnitCase[]): Element {
  const count = (kind: JUnitCase['status']['kind']) => cases.filter(({ status }) => status.kind === kind).length;
  return { '@tests': cases.length, '@failures': count('failure'), '@errors': count('error'), '@skipped': count('skipped') };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Drops characters that XML 1.0 cannot hold, including lone surrogates. */
function text(content: string): string {
  return plainText(content).replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}

/** Replaces newlines by spaces, as XML parsers do in attributes anyway. */
function attribute(content: string): string {
  return text(content)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
