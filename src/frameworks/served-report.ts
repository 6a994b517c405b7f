import { z } from 'zod';
import type { TestCase } from '../core/model/cases.js';
import { caseText } from './judge.js';

/** What the program of `serve` writes, a line each. */
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

/** The cases of a file that was served; null for what is no such report, or none of a file that has ended. */
export function readServed(text: string | null): readonly TestCase[] | null {
  const lines = (text ?? '').split('\n').flatMap((one) => parsed(one) ?? []);
  if (!lines.some((one) => 'exitCode' in one)) return null;
  return lines.flatMap((one) => {
    if ('exitCode' in one) return [];
    const { case: name, status, durationMs, message } = one;
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
