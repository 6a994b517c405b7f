import { execa } from 'execa';
import { CLI, type CliOptions, type CliProcess, heard, PIPED, plainEnvironment } from './cli.js';

export type TerminalOptions = Omit<CliOptions, 'input'> & {
  /** Columns and rows; a terminal that does not tell its size without. */
  readonly size?: readonly [columns: number, rows: number];
};

/**
 * Starts `holdfast …` on a terminal of its own. What it writes there is the standard output; what is written to the standard input is typed.
 * The exit code is that of the command. Its stack does not stay, unless `env` says so.
 */
export function startOnTerminal(args: readonly string[], { cwd, env = {}, size }: TerminalOptions): CliProcess {
  const setSize = size === undefined ? '' : `stty cols ${size[0]} rows ${size[1]}; `;
  const words = args.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command = `${setSize}exec "$NODE" "$CLI" ${words}`;
  const onTerminal = execa('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    ...PIPED, // Its input is left open: its end would be typed as Ctrl-D.
    cwd,
    env: {
      ...plainEnvironment(),
      SHELL: '/bin/sh',
      TERM: 'xterm-256color',
      NODE: process.execPath,
      CLI,
      HOLDFAST_IDLE: '0',
      ...env,
    },
  });
  return heard(onTerminal);
}

const ESC = '\u001b';

/** What a terminal is told beside text. */
export const CONTROL = {
  hideCursor: `${ESC}[?25l`,
  showCursor: `${ESC}[?25h`,
  beginFrame: `${ESC}[?2026h`,
  endFrame: `${ESC}[?2026l`,
};

/** Without its control codes. */
export function textOf(written: string): string {
  return written.replace(new RegExp(`${ESC}\\[[0-?]*[ -/]*[@-~]`, 'g'), '').replaceAll('\r', '');
}

/** Each drawing of the live view, as text. */
export function framesOf(written: string): string[] {
  const frames = written.split(CONTROL.beginFrame).slice(1);
  return frames.map((frame) => textOf(frame.slice(0, frame.indexOf(CONTROL.endFrame))));
}
