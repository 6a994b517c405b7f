import type { z } from 'zod';

/** Reads a report with one JSON value per line, up to the first invalid line: the process may have died while writing it. */
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
