import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import escapeStringRegexp from 'escape-string-regexp';
import { packageFile } from '../../adapters/package-file.js';
import type { SuiteFolder } from '../framework.js';

/** Where coverage was measured: raw coverage names files by their paths there. */
export type MeasuredAt = {
  /** The root of the code. */
  readonly code: string;
  /** Holdfast's own programs, which ran in the same processes. */
  readonly programs: string;
};

/** A folder, and what it is called here. */
export type Move = readonly [from: string, to: string];

/** Where a suite's folder and Holdfast are on this machine, as processes name them: without symlinks. */
export async function measuredAt({ cwd, spec }: Pick<SuiteFolder, 'cwd' | 'spec'>): Promise<MeasuredAt> {
  const code = path.resolve(cwd, path.relative(path.normalize(spec.cwd), '.'));
  return { code: await realpath(code), programs: await realpath(packageFile('src/frameworks')) };
}

/** The folders that have another name here; the inner ones first, since Holdfast may be installed in the project. */
export function movesTo(here: MeasuredAt, there: MeasuredAt): readonly Move[] {
  const moves: readonly Move[] = [
    [there.programs, here.programs],
    [there.code, here.code],
  ];
  return moves.filter(([from, to]) => from !== to).toSorted(([a], [b]) => b.length - a.length);
}

/** Whether these bytes are text; a database has zeros in its first bytes. */
export const isText = (bytes: Buffer): boolean => !bytes.subarray(0, 1_024).includes(0);

/**
 * JSON in which each string that is a path, or a file URL, of a moved folder is one of its new place. Other strings stay as they are: in the
 * text of a program, V8 counts characters.
 */
export function withMoves(json: string, moves: readonly Move[]): string {
  const names = new Map(
    moves.flatMap(([from, to]) => [[inJson(from), inJson(to)] as const, [hrefOf(from), hrefOf(to)] as const]),
  );
  const beginning = new RegExp(`(?<=[[{,:\\s]")(?:${[...names.keys()].map(escapeStringRegexp).join('|')})(?=[/"])`, 'g');
  return json.replace(beginning, (name) => names.get(name) ?? name);
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const hrefOf = (folder: string) => inJson(pathToFileURL(folder).href);
