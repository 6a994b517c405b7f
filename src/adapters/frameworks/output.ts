import { open } from 'node:fs/promises';

/**
 * Reads a file, or the bytes `from` up to `to` of it, of any size into at most `limitBytes`: the beginning and the end, with a line between that
 * names the gap. Empty when there is none.
 */
export async function readCapped(
  file: string,
  limitBytes: number,
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: Number.POSITIVE_INFINITY },
): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return '';
  try {
    const end = Math.min(to, (await handle.stat()).size);
    const size = end - from;
    const read = async (length: number, position: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead).toString('utf8');
    };
    if (size <= limitBytes) return await read(size, from);
    const half = Math.floor(limitBytes / 2);
    return `${await read(half, from)}\n[holdfast: ${size - 2 * half} bytes of output left out here]\n${await read(half, end - half)}`;
  } finally {
    await handle.close();
  }
}
