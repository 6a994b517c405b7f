import type { TestCase } from '../core/model/cases.js';
import { type FrameworkName, factsOf } from '../core/model/frameworks.js';

/** A line of a file. The path is as in the report. */
export type Location = { readonly path: string; readonly line: number | null };

/**
 * Where a case failed, in its test file or a file of its package, read from its stack or message. The line is null when neither
 * names it.
 */
export function locate(
  framework: FrameworkName,
  path: string,
  { stack, message }: Pick<TestCase, 'stack' | 'message'>,
): Location {
  const text = `${stack ?? ''}\n${message ?? ''}`;
  const { unit } = factsOf(framework);
  const name = unit.kind === 'file' && unit.namedBy === 'name' ? path.replace(/^.*\//, '') : path;
  const inFile = new RegExp(`(?:^|[^\\w-])${literally(name)}[:,(](?:\\s*line\\s+)?(\\d+)`, 'm').exec(text);
  if (inFile?.[1] !== undefined) return { path, line: Number(inFile[1]) };
  const inPackage = unit.kind === 'package' ? new RegExp(`(?:^|\\s)(${unit.testFile.source}):(\\d+)`, 'm').exec(text) : null;
  return inPackage?.[1] === undefined ? { path, line: null } : { path: `${path}/${inPackage[1]}`, line: Number(inPackage[2]) };
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
