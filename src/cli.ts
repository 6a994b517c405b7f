#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { printError } from './cli/exit.js';
import type { Io } from './cli/io.js';
import { main } from './program.js';

let hasResult = false;

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  isTTY: process.stdout.isTTY ?? false,
  columns: process.stdout.columns ?? 80,
  now: () => Date.now(),
  random: () => randomBytes(6).toString('hex'),
  onInterrupt(listener) {
    process.on('SIGINT', listener);
    return () => void process.off('SIGINT', listener);
  },
  onTerminate(listener) {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  },
  onSignal(signal, listener) {
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  },
  beat() {
    if (process.connected) process.send?.('beat', undefined, undefined, () => undefined); // Nobody may listen any more.
  },
  setExitCode(code) {
    hasResult = true;
    process.exitCode = code;
  },
};

// A reader that closes the pipe (`holdfast list | head`) is not an error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => ('code' in error && error.code === 'EPIPE' ? undefined : process.exit(3)));

// An error that nothing awaits, such as one thrown by a timer of a library. Node's own exit code for it, 1, would mean red tests.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => {
    if (hasResult) return void io.stderr.write(`holdfast: an error after the end, which changes no result: ${String(error)}\n`);
    printError(io, error);
    process.exit();
  });

await main(io, process.argv);
// The SDK's native runtime and idle sockets can keep a finished process alive. Flush the output, then exit.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
