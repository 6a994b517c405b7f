import { EXIT, RunnerError } from '../core/errors.js';
import { plainText } from '../render/plain.js';
import type { Io } from './io.js';

/** Prints an error and sets the exit code. An unexpected error is printed with its stack. */
export function printError(io: Io, error: unknown): void {
  if (error instanceof RunnerError) {
    io.stderr.write(`holdfast: ${plainText(error.message)}\n`);
    io.setExitCode(error.exitCode);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`holdfast: an unexpected error; please report it.\n${plainText(stack)}\n`);
  io.setExitCode(EXIT.incomplete); // There is no verdict.
}
