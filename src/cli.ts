#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import type { Io } from './cli/io.js';
import { main } from './program.js';

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
  },
  setExitCode(code) {
    process.exitCode = code;
  },
};

// A reader that closes the pipe (`holdfast list | head`) is not an error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => ('code' in error && error.code === 'EPIPE' ? undefined : process.exit(3)));

await main(io, process.argv);
// The SDK's native runtime and idle sockets can keep a finished process alive. Flush the output, then exit.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
