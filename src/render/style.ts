import pc from 'picocolors';
import type { Verdict } from '../core/model/attempt.js';
import type { Display } from './terminal.js';

type Paint = (text: string) => string;

/** Colours and signs of a terminal. Without colours, each paint returns the text unchanged. */
export type Style = {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly sign: Readonly<Record<Verdict, string>>;
  /** Between items on one line. */
  readonly dot: string;
  /** Between the names of a test case. */
  readonly arrow: string;
  readonly ellipsis: string;
  /** Before each line of output. */
  readonly bar: string;
};

type Signs = Pick<Style, 'sign' | 'dot' | 'arrow' | 'ellipsis' | 'bar'>;

const UNICODE: Signs = {
  sign: { passed: '✓', flaky: '↻', failed: '✗', quarantined: '◌', skipped: '○', notRun: '–', infraError: '⚠' },
  dot: '·',
  arrow: '›',
  ellipsis: '…',
  bar: '│',
};

const ASCII: Signs = {
  sign: { passed: '+', flaky: '~', failed: 'x', quarantined: 'q', skipped: 'o', notRun: '-', infraError: '!' },
  dot: '-',
  arrow: '>',
  ellipsis: '...',
  bar: '|',
};

/** The style that a display can show. */
export function styleOf({ colors, unicode }: Display): Style {
  const { bold, dim, red, green, yellow } = pc.createColors(colors);
  return { bold, dim, red, green, yellow, ...(unicode ? UNICODE : ASCII) };
}

/** The colour of a verdict. */
export function paintOf(style: Style, verdict: Verdict): Paint {
  switch (verdict) {
    case 'passed':
      return style.green;
    case 'failed':
    case 'infraError':
      return style.red;
    case 'flaky':
    case 'notRun':
      return style.yellow;
    case 'quarantined':
    case 'skipped':
      return style.dim;
  }
}

const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '–': '-',
  '—': '-',
  '→': '->',
  '·': '-',
  '›': '>',
  '×': 'x',
};

/** Replaces typographic characters in one of our own sentences when the terminal shows only ASCII. */
export function inScript(text: string, unicode: boolean): string {
  return unicode ? text : text.replace(/[’‘“”…–—→·›×]/g, (sign) => TYPOGRAPHY[sign] ?? sign);
}
