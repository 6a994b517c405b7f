import type { TestCase } from '../core/model/cases.js';

/** A line of a file, its path as the report writes it. */
export type Location = { readonly path: string; readonly line: number | null };

/** Where a failed case is in its test file, from its stack or message; the line is null when they do not say. */
export function locate(path: string, { stack, message }: Pick<TestCase, 'stack' | 'message'>): Location {
  const text = `${stack ?? ''}\n${message ?? ''}`;
  const inFile = new RegExp(`(?:^|[^\\w-])${literally(path)}[:,(](?:\\s*line\\s+)?(\\d+)`, 'm').exec(text);
  if (inFile?.[1] !== undefined) return { path, line: Number(inFile[1]) };
  // go: the file of the suite is a package, and its messages name the file inside it.
  const inPackage = /(?:^|\s)([\w.-]+_test\.go):(\d+)/m.exec(text);
  if (inPackage?.[1] !== undefined && !path.includes('.')) return { path: `${path}/${inPackage[1]}`, line: Number(inPackage[2]) };
  return { path, line: null };
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
