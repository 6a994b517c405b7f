import picocolors from 'picocolors';
import type { Terminal } from '../render/terminal.js';
import type { Io, Output } from './io.js';

/** Describes a stream to the reporters: its size (its own, or else from COLUMNS and LINES), and whether it supports colors and Unicode. */
export function terminalOf(output: Output, env: Io['env']): Terminal {
  const isTerminal = output.isTTY ?? false;
  return {
    write: (text) => void output.write(text),
    // A terminal of unknown size, such as in a container, reports 0.
    get columns() {
      return output.columns || Number.parseInt(env.COLUMNS ?? '', 10) || 80;
    },
    get rows() {
      return output.rows || Number.parseInt(env.LINES ?? '', 10) || 24;
    },
    isTTY: isTerminal && env.TERM !== 'dumb' && !isCi(env),
    colors: isTerminal && picocolors.isColorSupported && !env.NO_COLOR && env.TERM !== 'dumb',
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '') || process.platform === 'darwin',
  };
}

/** CI logs are read afterwards, even if the job has a terminal. */
export function isCi({ CI = '' }: Io['env']): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase());
}
