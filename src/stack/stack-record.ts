import path from 'node:path';
import { z } from 'zod';

const stackIdentity = z.object({ version: z.string(), runtime: z.string(), user: z.number(), settings: z.string() });

const stackRecord = z.object({
  pid: z.number(),
  temporalAddress: z.string(),
  namespace: z.string(),
  webUrl: z.string().nullable(),
  queuePrefix: z.string(),
  slots: z.number(),
  /** Path of the socket that takes the environments of runs. */
  environments: z.string(),
  startedAtMs: z.number(),
  /** Whether it ends by itself when it is idle, because a command started it on demand. */
  endsWhenIdle: z.boolean(),
  identity: stackIdentity,
});

/** A stack's description of itself for processes that join it; also written to `.holdfast/stack.json` for people and scripts. */
export type StackRecord = Readonly<z.infer<typeof stackRecord>>;

export function recordFile({ stateFolder }: { readonly stateFolder: string }): string {
  return path.join(stateFolder, 'stack.json');
}

/** The folder whose owner is the project's stack: see `holdFolder`. */
export function doorFolder(stateFolder: string): string {
  return path.join(stateFolder, 'door');
}

const stackAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('up'), stack: stackRecord }),
  z.object({ kind: z.literal('failed'), message: z.string(), code: z.string(), remedy: z.string() }),
  /** The answer to a request to end: others use it. */
  z.object({ kind: z.literal('busy') }),
  /** It ends; the connection closes when it has. */
  z.object({ kind: z.literal('ending') }),
]);
/** The lines of JSON that the stack sends to a process that joins. */
export type StackAnswer = z.infer<typeof stackAnswer>;

const stackRequest = z.discriminatedUnion('kind', [
  /** Stay this long after the sender has left. */
  z.object({ kind: z.literal('stay'), ms: z.number().nonnegative() }),
  /** End now, or, with `ifUnused`, if nobody else is connected and no run is running. */
  z.object({ kind: z.literal('end'), ifUnused: z.boolean() }),
]);
/** The lines of JSON that a process sends to the stack. */
export type StackRequest = z.infer<typeof stackRequest>;

export const parseAnswer = (line: string): StackAnswer | null => parse(stackAnswer, line);
export const parseRequest = (line: string): StackRequest | null => parse(stackRequest, line);

function parse<T>(schema: z.ZodType<T>, line: string): T | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
