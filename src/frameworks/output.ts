import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Reads a file of any size, or its bytes from `from` to `to`, keeping at most `limitBytes`: the beginning and the end, with a line
 * that states the gap. Returns an empty string if there is no such file. Synchronous, because four thread-pool round trips cost more
 * than the calls.
 */
export function readCapped(
  file: string,
  limitBytes: number,
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: Number.POSITIVE_INFINITY },
): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const end = Math.min(to, fstatSync(descriptor).size);
    const size = end - from;
    const read = (length: number, position: number) => {
      const buffer = Buffer.alloc(length);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, length, position));
    };
    if (size <= limitBytes) return read(size, from);
    const half = Math.floor(limitBytes / 2);
    return `${read(half, from)}\n[holdfast: ${size - 2 * half} bytes of output left out here]\n${read(half, end - half)}`;
  } finally {
    closeSync(descriptor);
  }
}
