import picocolors from 'picocolors';
import type { Terminal } from '../render/terminal.js';
import type { Io, Output } from './io.js';

/** A stream as the reporters see it: its size, told by itself or else by COLUMNS and LINES, and whether it shows colours and more than ASCII. */
export function terminalOf(output: Output, env: Io['env']): Terminal {
  const isTerminal = output.isTTY ?? false;
  return {
    write: (text) => void output.write(text),
    // A terminal that does not tell its size, such as one of a container, says 0.
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

/** A CI's log is read afterwards, also where its jobs have a terminal. */
function isCi({ CI = '' }: Io['env']): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase());
}
