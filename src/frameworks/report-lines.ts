import type { z } from 'zod';

/** Reads a report of one JSON value a line, up to the first line that is not whole: the process died while it wrote. */
export function readLines<T extends z.ZodType>(text: string | null, line: T): z.infer<T>[] {
  const lines: z.infer<T>[] = [];
  for (const json of (text ?? '').split('\n')) {
    if (json === '') continue;
    try {
      lines.push(line.parse(JSON.parse(json)));
    } catch {
      return lines;
    }
  }
  return lines;
}
