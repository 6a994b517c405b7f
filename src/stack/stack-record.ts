import path from 'node:path';

/** A stack's description of itself for processes that join it; also written to `.holdfast/stack.json` for people and scripts. */
export type StackRecord = {
  readonly pid: number;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly webUrl: string | null;
  readonly queuePrefix: string;
  readonly slots: number;
  /** Path of the socket that takes the environments of runs. */
  readonly environments: string;
  readonly startedAtMs: number;
};

export function recordFile({ stateFolder }: { readonly stateFolder: string }): string {
  return path.join(stateFolder, 'stack.json');
}

/** The line of JSON that the stack sends to each process that joins. */
export type StackAnswer =
  | { readonly kind: 'up'; readonly stack: StackRecord }
  | { readonly kind: 'failed'; readonly message: string };

export function parseAnswer(line: string): StackAnswer | null {
  try {
    const value: unknown = JSON.parse(line);
    return isAnswer(value) ? value : null;
  } catch {
    return null;
  }
}

function isAnswer(value: unknown): value is StackAnswer {
  return typeof value === 'object' && value !== null && 'kind' in value && (value.kind === 'up' || value.kind === 'failed');
}
