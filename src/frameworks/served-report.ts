import { z } from 'zod';
import type { TestCase } from '../core/model/cases.js';
import { caseText } from './judge.js';

/** One line written by a `serve` program. */
const line = z.union([
  z.object({
    case: z.union([z.string(), z.array(z.string()).min(1)]),
    status: z.enum(['passed', 'failed', 'skipped']),
    durationMs: z.number().nonnegative().default(0),
    message: z.string().nullable().default(null),
  }),
  /** The file has ended. */
  z.object({ exitCode: z.number() }),
]);

/** The cases that a `serve` program reported for a file; null if this is no such report, or an incomplete one. */
export function readServed(text: string | null): readonly TestCase[] | null {
  const lines = (text ?? '').split('\n').flatMap((json) => parsed(json) ?? []);
  if (!lines.some((entry) => 'exitCode' in entry)) return null;
  return lines.flatMap((entry) => {
    if ('exitCode' in entry) return [];
    const { case: name, status, durationMs, message } = entry;
    return [
      { name: Array.isArray(name) ? name : [name], status, durationMs, message: message === null ? null : caseText(message) },
    ];
  });
}

function parsed(text: string): z.infer<typeof line> | null {
  if (!text.startsWith('{')) return null;
  try {
    return line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
