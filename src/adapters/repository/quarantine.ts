import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument, stringify, type YAMLMap, YAMLSeq } from 'yaml';
import { z } from 'zod';
import { hasCode, RunnerError } from '../../core/errors.js';
import { QUARANTINE_FILE, type QuarantineEntry } from '../../core/plan/quarantine.js';

const DAY = 'a day such as 2027-01-31';
const text = z.string('a string').min(1, 'a string that is not empty');
const Entry = z.strictObject(
  {
    file: text,
    case: text.optional(),
    reason: text,
    owner: text.optional(),
    expires: z.iso.date(DAY),
    environments: z.array(text, 'a list of names').default([]),
  },
  'an entry such as { file: tests/shaky.sh, reason: "why", expires: 2027-01-31 }',
);

/** Reads the quarantine of a source tree; empty if it has none. Throws CONFIG_INVALID with one sentence per problem. */
export async function readQuarantine(root: string): Promise<readonly QuarantineEntry[]> {
  const source = await readFile(path.join(root, QUARANTINE_FILE), 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return '';
    throw invalid([`${QUARANTINE_FILE} cannot be read.`]);
  });
  return parseQuarantine(source);
}

/** Parses the entries of a quarantine file. Throws like `readQuarantine`. */
export function parseQuarantine(source: string): readonly QuarantineEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, schema: 'failsafe' }); // Failsafe: dates stay strings.
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken)
    throw invalid([`${QUARANTINE_FILE} line ${lineOf(broken.pos[0])} is not valid YAML: ${firstLine(broken.message)}.`]);
  const { contents } = document;
  if (contents === null || (contents && 'value' in contents && (contents.value === null || contents.value === ''))) return [];
  if (!(contents instanceof YAMLSeq)) throw invalid([`${QUARANTINE_FILE} must be a list of entries.`]);

  const problems: string[] = [];
  const entries = contents.items.flatMap((item): QuarantineEntry[] => {
    const node = item as YAMLMap; // May be any node: zod checks it.
    const line = lineOf(node.range?.[0] ?? 0);
    const read = Entry.safeParse(document.createNode(node).toJS(document));
    if (!read.success) {
      problems.push(...read.error.issues.map((issue) => sentenceOf(line, issue)));
      return [];
    }
    const { case: name, owner, ...entry } = read.data;
    return [{ ...entry, ...(name !== undefined && { case: name }), ...(owner !== undefined && { owner }), line }];
  });
  if (problems.length > 0) throw invalid(problems);
  return entries;
}

function sentenceOf(line: number, issue: z.core.$ZodIssue): string {
  const where = `${QUARANTINE_FILE} line ${line}`;
  if (issue.code === 'unrecognized_keys') return `${where}: ${issue.keys.join(', ')} is not known here.`;
  const key = issue.path.join('.');
  if (key === 'expires') return `${where}: expires must be ${DAY}: every quarantine has an end.`;
  return `${where}: ${key === '' ? 'it' : key} must be ${issue.message}.`;
}

function invalid(problems: readonly string[]): RunnerError {
  return new RunnerError('CONFIG_INVALID', problems.join('\n'));
}

const firstLine = (message: string) => (message.split('\n')[0] ?? '').replace(/[.:]$/, '');

/** Appends an entry to the source of a quarantine file and leaves the rest untouched, comments included. */
export function appendEntry(source: string, entry: Readonly<Record<string, unknown>>): string {
  const line = `- ${stringify(entry, { collectionStyle: 'flow', lineWidth: 0 }).trim()}\n`;
  const isEmpty = parseQuarantine(source).length === 0;
  const kept = isEmpty ? source.replace(/^\s*\[\s*\]\s*$/m, '') : source;
  return `${kept}${kept === '' || kept.endsWith('\n') ? '' : '\n'}${line}`;
}

/** Removes the entries that begin on these lines and leaves the rest of the file untouched. */
export function removeEntries(source: string, lines: ReadonlySet<number>): string {
  const counter = new LineCounter();
  const { contents } = parseDocument(source, { lineCounter: counter, schema: 'failsafe' });
  const lineOf = (offset: number) => counter.linePos(offset).line;
  const items = contents instanceof YAMLSeq ? contents.items : [];
  const removed = items
    .map((item) => {
      const [from, to] = (item as YAMLMap).range ?? [0, 0, 0];
      return { first: lineOf(from), last: lineOf(Math.max(from, to - 1)) };
    })
    .filter(({ first }) => lines.has(first));
  return source
    .split('\n')
    .filter((_, index) => !removed.some(({ first, last }) => index + 1 >= first && index + 1 <= last))
    .join('\n');
}
