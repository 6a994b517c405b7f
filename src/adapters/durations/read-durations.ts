import { posix } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';

/** Durations in ms by path. Paths are as written: relative to the folder in which the recording tool ran. */
export type ReadDurations = Readonly<Record<string, number>>;

const SECOND_MS = 1_000;
const Ours = z.object({ schemaVersion: z.literal(1), files: z.array(z.object({ path: z.string(), ms: z.number() })) });
const Split = z.record(z.string(), z.number());

/**
 * Reads recorded durations: JUnit XML (test suites or test cases that name their file), the `.test_durations` of pytest-split, or the
 * output of `holdfast durations export`. Throws CONFIG_INVALID for any other format and for an impossible duration.
 */
export function readDurations(text: string, name: string): ReadDurations {
  const found = text.trimStart().startsWith('<') ? readJUnit(text, name) : readJson(text, name);
  for (const [path, ms] of Object.entries(found)) {
    if (!Number.isFinite(ms) || ms < 0 || ms > DEFAULTS.longestImportedMs)
      throw invalid(
        `${name}: ${path} has a duration of ${ms / SECOND_MS} s; it must be from 0 to ${DEFAULTS.longestImportedMs / SECOND_MS} s`,
      );
  }
  if (Object.keys(found).length === 0) throw invalid(`${name} contains no duration of a test file`);
  return found;
}

function readJson(text: string, name: string): ReadDurations {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid(`${name} is neither JUnit XML nor JSON`);
  }
  const ours = Ours.safeParse(content);
  if (ours.success) return Object.fromEntries(ours.data.files.map(({ path, ms }) => [path, ms]));
  const split = Split.safeParse(content);
  if (!split.success)
    throw invalid(`${name} is neither an export of \`holdfast durations export\` nor a durations file of pytest-split`);
  return summed(Object.entries(split.data).map(([node, seconds]) => [node.split('::')[0] ?? node, seconds]));
}

function readJUnit(text: string, name: string): ReadDurations {
  if (XMLValidator.validate(text) !== true) throw invalid(`${name} is not well-formed XML`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    isArray: (tag) => tag === 'testsuite' || tag === 'testcase',
  });
  return summed(suitesIn(parser.parse(text)).flatMap(durationsIn));
}

type Element = { readonly [name: string]: unknown };
const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null && !Array.isArray(value);
const elements = (value: unknown): readonly Element[] => (Array.isArray(value) ? value.filter(isElement) : []);

/** All `testsuite` elements, at any depth. */
function suitesIn(node: unknown): readonly Element[] {
  if (!isElement(node)) return [];
  const own = elements(node.testsuite);
  return [...own, ...own.flatMap(suitesIn), ...suitesIn(node.testsuites)];
}

/** Seconds by file: from the test cases if they name their file, else from the suite. */
function durationsIn(suite: Element): readonly (readonly [string, number])[] {
  const cases = elements(suite.testcase).flatMap((testCase) => {
    const file = testCase['@file'];
    return typeof file === 'string' ? [[file, Number(testCase['@time'] ?? 0)] as const] : [];
  });
  if (cases.length > 0) return cases;
  const file = suite['@file'] ?? suite['@filepath'];
  return typeof file === 'string' ? [[file, Number(suite['@time'] ?? 0)]] : [];
}

function summed(durations: readonly (readonly [string, number])[]): ReadDurations {
  const sums = new Map<string, number>();
  for (const [file, seconds] of durations) {
    const path = posix.normalize(file.replaceAll('\\', '/'));
    sums.set(path, (sums.get(path) ?? 0) + seconds * SECOND_MS);
  }
  return Object.fromEntries(sums);
}

function invalid(problem: string): RunnerError {
  return new RunnerError('CONFIG_INVALID', `${problem}.`);
}
