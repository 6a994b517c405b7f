import type { Environment } from '../core/model/environment.js';

/** Takes text as it is; `process.stdout` is one. Sizes are read at each use, so that a resize is followed. */
export type Output = {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** The world of a command: all that it may read, write and know. Handed in by cli.ts, so that nothing else reads `process`. */
export type Io = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Environment;
  /** Absolute folder the command was started in. */
  readonly cwd: string;
  /** Is standard output a terminal? */
  readonly isTTY: boolean;
  /** Width of standard output; 80 where it is not known. */
  readonly columns: number;
  /** Epoch ms. */
  now(): number;
  /** Letters and digits that nobody has had before, at least eight. */
  random(): string;
  /** Calls the listener at each Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Calls the listener at SIGTERM or SIGHUP instead of ending the process. */
  onTerminate(listener: () => void): void;
  /** Calls the listener at this signal instead of whatever the system does. */
  onSignal(signal: NodeJS.Signals, listener: () => void): void;
  /** The code the process ends with once nothing is left to do. */
  setExitCode(code: number): void;
};
