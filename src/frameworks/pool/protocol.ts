import { z } from 'zod';

/**
 * The messages between a worker and a session (a reusable framework process): lines of JSON on the session's descriptor 3, so that
 * stdin, stdout and stderr remain for the tests. There is one order at a time.
 *
 *     worker                                             session
 *       │ run     files: a, b, c                             │
 *       ├───────────────────────────────────────────────────▶│ runs a
 *       │                  exited  file: a, exitCode: 0      │
 *       │◀───────────────────────────────────────────────────┤ runs b without waiting to be asked
 *       │                  exited  file: b, exitCode: 1,     │
 *       │                          isLast: true              │
 *       │◀───────────────────────────────────────────────────┤ skips c, waits for an order
 *       │ run     files: d                                   │
 *       ├───────────────────────────────────────────────────▶│ its child for d is killed
 *       │                  signalled  file: d, signal: 9     │
 *       │◀───────────────────────────────────────────────────┤
 *       │ list                                               │
 *       ├───────────────────────────────────────────────────▶│
 *       │                  listed  files: a, b, c, d         │
 *       │◀───────────────────────────────────────────────────┤
 *       │ (channel closed)                                   │
 *       ├───────────────────────────────────────────────────▶│ exits
 *
 * A session that cannot run this suite as the framework itself would answers any order with `cannot`, and is not used again. If a
 * session dies, the files it has not answered have no result. An answer ends a file: whatever was written to stdout by then belongs
 * to that file.
 */
export type Order<Options = Readonly<Record<string, unknown>>> = RunOrder<Options> | { readonly kind: 'list' };

/**
 * Run these files, in this order. `env` is set for each of them; if it contains HOLDFAST_FILE, that variable is set to the file
 * being run.
 */
export type RunOrder<Options = Readonly<Record<string, unknown>>> = {
  readonly kind: 'run';
  /** Relative to the suite's folder, which is the session's working directory. */
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What else this framework's program needs, such as cases to select or command-line arguments. */
  readonly options: Options;
};

const exited = z.object({
  kind: z.literal('exited'),
  /** As named in the order. */
  file: z.string(),
  /** The framework's exit code, as if it had run this file alone. */
  exitCode: z.number(),
  /** Text of the report, unless the adapter named a file for it. */
  report: z.string().nullish(),
  /** Duration of the file alone. Default: the time until the answer arrived. */
  durationMs: z.number().optional(),
  /** Time that the framework call took beyond its files; set in one of the call's answers. */
  callMs: z.number().optional(),
  /** CPU time of the file alone. */
  cpuMs: z.number().optional(),
  /** Offset in bytes where this file's part of the session's output ends. Default: the output's size when the answer arrives. */
  outputEnd: z.number().optional(),
  /** Descriptions of what the file left behind that could affect another file. If there is any, the session is ended. */
  left: z.array(z.string()).optional(),
  /** What the file left open may still change its exit code, so that green is not certain. */
  mayStillFail: z.boolean().optional(),
  /** False if the order ended before it began: the files before it are not to blame. */
  hasBegun: z.boolean().optional(),
  /** Name of the folder with its raw coverage, in the session's own for them. */
  coverage: z.string().regex(/^\w+$/).optional(),
  /** The session skips the remaining files of the order. */
  isLast: z.boolean().optional(),
});

const answerSchema = z.discriminatedUnion('kind', [
  exited,
  /** The file ran in its own process, which was killed by this signal. */
  z.object({ kind: z.literal('signalled'), file: z.string(), signal: z.number() }),
  z.object({ kind: z.literal('listed'), files: z.array(z.string()) }),
  /** The session cannot run or list anything in this suite, now or later. */
  z.object({ kind: z.literal('cannot'), reason: z.string() }),
]);

export type Answer = z.infer<typeof answerSchema>;
export type ExitedAnswer = z.infer<typeof exited>;

/** null for a line that is not an answer: a test may have written to the channel. */
export function parseAnswer(line: string): Answer | null {
  try {
    return answerSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
