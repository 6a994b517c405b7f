import picocolors from 'picocolors';
import type { Terminal } from '../reporters/index.js';
import type { Io, Output } from './io.js';

/** A stream as the reporters see it: its width, and whether it shows colours and more than ASCII. */
export function terminalOf(output: Output, env: Io['env']): Terminal {
  const isTTY = output.isTTY ?? false;
  return {
    write: (text) => void output.write(text),
    get columns() {
      return output.columns ?? 80;
    },
    get rows() {
      return output.rows ?? 24;
    },
    isTTY,
    colors: isTTY && picocolors.isColorSupported && !env.NO_COLOR && env.TERM !== 'dumb',
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '') || process.platform === 'darwin',
  };
}
