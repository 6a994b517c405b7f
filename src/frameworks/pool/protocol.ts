import { z } from 'zod';

/**
 * The messages between a worker and a session (a framework process that is kept): lines of JSON on descriptor 3 of the session,
 * which leaves its standard streams to the tests. One order at a time.
 *
 *     worker                                             session
 *       │ run     files: a, b, c                             │
 *       ├───────────────────────────────────────────────────▶│ runs a
 *       │                  exited  file: a, exitCode: 0      │
 *       │◀───────────────────────────────────────────────────┤ runs b at once: nobody asks for it
 *       │                  exited  file: b, exitCode: 1,     │
 *       │                          isLast: true              │
 *       │◀───────────────────────────────────────────────────┤ leaves c alone, waits for an order
 *       │ run     files: d                                   │
 *       ├───────────────────────────────────────────────────▶│ its child for d is killed
 *       │                  signalled  file: d, signal: 9     │
 *       │◀───────────────────────────────────────────────────┤
 *       │ list                                               │
 *       ├───────────────────────────────────────────────────▶│
 *       │                  listed  files: a, b, c, d         │
 *       │◀───────────────────────────────────────────────────┤
 *       │ (end of the channel)                               │
 *       ├───────────────────────────────────────────────────▶│ ends
 *
 * A session that cannot do in this suite what the framework does by itself answers any order with `cannot`, and is not used
 * again. A session that dies has answered no file but those it has answered. An answer ends a file: what it has written to
 * standard output by then belongs to that file.
 */
export type Order<Options = Readonly<Record<string, unknown>>> = RunOrder<Options> | { readonly kind: 'list' };

/**
 * Run these files, in this order. `env` is set for each of them; with a HOLDFAST_FILE in it that variable names the file that
 * runs.
 */
export type RunOrder<Options = Readonly<Record<string, unknown>>> = {
  readonly kind: 'run';
  /** Relative to the suite's folder, which is the working folder of the session. */
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What this framework's program needs beside them: cases to select, words of a command line. */
  readonly options: Options;
};

const exited = z.object({
  kind: z.literal('exited'),
  /** As the order named it. */
  file: z.string(),
  /** What the framework would have exited with, had it run this file alone. */
  exitCode: z.number(),
  /** Text of the report, where the adapter has not named a file for it. */
  report: z.string().nullish(),
  /** Time of the file alone. Without it: until the answer came. */
  durationMs: z.number().optional(),
  /** Time of the framework's call beside its files, in one of its answers. */
  callMs: z.number().optional(),
  /** Processor time of the file alone. */
  cpuMs: z.number().optional(),
  /** Size of the session's output, in bytes, where that of this file ends. Without it: as it is when the answer comes. */
  outputEnd: z.number().optional(),
  /** What the file has left behind that another one might notice, in words. The session is ended then. */
  left: z.array(z.string()).optional(),
  /** The session does not go on with the other files of the order. */
  isLast: z.boolean().optional(),
});

const answerSchema = z.discriminatedUnion('kind', [
  exited,
  /** The file had a process of its own, which was killed by this signal. */
  z.object({ kind: z.literal('signalled'), file: z.string(), signal: z.number() }),
  z.object({ kind: z.literal('listed'), files: z.array(z.string()) }),
  /** It runs or lists nothing in this suite, and never will. */
  z.object({ kind: z.literal('cannot'), reason: z.string() }),
]);

export type Answer = z.infer<typeof answerSchema>;
export type ExitedAnswer = z.infer<typeof exited>;

/** null for a line that is no answer: a test may have written to the channel. */
export function parseAnswer(line: string): Answer | null {
  try {
    return answerSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
