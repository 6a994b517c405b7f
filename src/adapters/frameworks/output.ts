import { open } from 'node:fs/promises';

/** Reads a file of any size into at most `limitBytes`: its beginning and its end, with a line between that names the gap. Empty when there is none. */
export async function readCapped(file: string, limitBytes: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const read = async (length: number, position: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead).toString('utf8');
    };
    if (size <= limitBytes) return await read(size, 0);
    const half = Math.floor(limitBytes / 2);
    return `${await read(half, 0)}\n[holdfast: ${size - 2 * half} bytes of output left out here]\n${await read(half, size - half)}`;
  } finally {
    await handle.close();
  }
}
