import type { Environment } from '../core/model/environment.js';

/** An output stream such as `process.stdout`. The size is read at each use, so that a resize takes effect. */
export type Output = {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Everything a command may read or write outside itself. cli.ts passes it in, so that nothing else touches `process`. */
export type Io = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Environment;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Whether stdout is a terminal. */
  readonly isTTY: boolean;
  /** Width of stdout; 80 if unknown. */
  readonly columns: number;
  /** Epoch ms. */
  now(): number;
  /** A unique string of at least eight letters and digits. */
  random(): string;
  /** Calls the listener on each Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Calls the listener on SIGTERM or SIGHUP instead of ending the process. */
  onTerminate(listener: () => void): void;
  /** Calls the listener on this signal instead of the default action, until the returned function is called. */
  onSignal(signal: NodeJS.Signals, listener: () => void): () => void;
  /** Shows the process that started this one that this one's thread is free, if it wants to know. */
  beat(): void;
  /** Sets the code with which the process will exit. */
  setExitCode(code: number): void;
};
