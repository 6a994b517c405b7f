import cliTruncate from 'cli-truncate';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import { DEFAULTS } from '../core/defaults.js';
import { explainingAttempt, failureLines } from '../render/failure.js';
import type { FileView } from '../render/file-view.js';
import { oneLine } from '../render/plain.js';
import { progressParts, suiteLabel } from '../render/progress-line.js';
import type { RunningFile, RunView } from '../render/run-view.js';
import { inScript, paintOf, type Style, styleOf } from '../render/style.js';
import { renderSummary } from '../render/summary.js';
import type { Terminal } from '../render/terminal.js';
import { formatDuration, nameOf, remarksOf, runningName } from '../render/wording.js';
import type { Reporter } from './reporter.js';

/** On narrower terminals the worker's name is left out. */
const COLUMNS_FOR_WORKERS = 60;
/** Lines left free, so that the text printed above stays visible. */
const ROWS_KEPT = 4;

/** A view that redraws in place; failures are printed above it. For terminals only. */
export function createLiveReporter(terminal: Terminal, now: () => number): Reporter {
  const style = styleOf(terminal);
  // Of a stream, log-update uses only write, columns, rows and isTTY.
  const draw = createLogUpdate(terminal as unknown as NodeJS.WritableStream);
  let shown = '';
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const introduced = new Set<string>();

  /** The Web UI of each run, printed once at its start, because an embedded server may end with the command. */
  function introductions(runs: readonly RunView[]): string[] {
    return runs.flatMap((run) => {
      if (run.webUrl === null || introduced.has(run.webUrl)) return [];
      introduced.add(run.webUrl);
      const label = suiteLabel(run, runs);
      return [style.dim(`Web UI${label === '' ? '' : ` of ${label}`}: ${run.webUrl}`)];
    });
  }

  /** Prints above the view. (log-update's own `persist` truncates text that is taller than the screen.) */
  function printAbove(text: string): void {
    draw.clear();
    terminal.write(text);
    if (shown !== '') draw(shown);
  }

  return {
    update(runs) {
      const finished = runs.flatMap((run) =>
        run.newlyFinished.flatMap((file) => finishedLines(file, suiteLabel(run, runs), style)),
      );
      const lines = [...introductions(runs), ...finished];
      const isDue = now() - drawnAtMs >= DEFAULTS.redrawIntervalMs;
      if (lines.length === 0 && !isDue) return;
      shown = renderFrame(runs, terminal, style);
      drawnAtMs = now();
      if (lines.length > 0) printAbove(`${lines.join('\n')}\n`);
      else draw(shown);
    },
    finish(reports) {
      draw.clear();
      shown = '';
      terminal.write(renderSummary(reports, style));
      draw.done();
    },
    note(text) {
      printAbove(`${inScript(text, terminal.unicode)}\n`);
    },
  };
}

/** The part that redraws: per run its running files, longest first, and its progress. No line is wider than the terminal. */
export function renderFrame(runs: readonly RunView[], terminal: Pick<Terminal, 'columns' | 'rows'>, style: Style): string {
  const rowsForFiles = Math.max(1, Math.floor((terminal.rows - ROWS_KEPT - 3 * runs.length) / Math.max(1, runs.length)));
  // One column stays free: a line that fills the terminal wraps on some.
  const columns = Math.max(1, terminal.columns - 1);
  const lines = runs.flatMap((run) => {
    const label = suiteLabel(run, runs);
    const parts = progressParts(run, style);
    return [
      ...runningLines(run.running, rowsForFiles, columns, style),
      ...(run.waitingFor === null ? [] : [style.yellow(`waiting: ${oneLine(run.waitingFor)}`)]),
      ...inLines(label === '' ? parts : [style.bold(label), ...parts], ` ${style.dot} `, columns),
    ];
  });
  return ['', ...lines.map((line) => cliTruncate(line, columns, { truncationCharacter: style.ellipsis }))].join('\n');
}

/** Joins parts into as few lines as the width allows. */
function inLines(parts: readonly string[], separator: string, columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${separator}${part}`;
    if (lines.length > 0 && stringWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function runningLines(running: readonly RunningFile[], rows: number, columns: number, style: Style): string[] {
  const longestFirst = running.toSorted((a, b) => b.elapsedMs - a.elapsedMs);
  const shown = longestFirst.slice(0, longestFirst.length > rows ? Math.max(0, rows - 1) : rows);
  const cells = shown.map((file) => {
    const attempt = file.attempt > 1 ? `attempt ${file.attempt}` : '';
    const worker = columns >= COLUMNS_FOR_WORKERS ? oneLine(file.worker) : '';
    return {
      path: runningName(file),
      right: [attempt, worker].filter(Boolean).join('  '),
      time: formatDuration(file.elapsedMs),
    };
  });
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => stringWidth(text)));
  const rightWidth = Math.min(widest(cells.map(({ right }) => right)), Math.floor(columns / 2));
  const timeWidth = widest(cells.map(({ time }) => time));
  const room = columns - 2 - (rightWidth > 0 ? rightWidth + 2 : 0) - timeWidth - 2;
  const pathWidth = Math.max(1, Math.min(widest(cells.map(({ path }) => path)), room));
  const inWidth = (text: string, width: number) => {
    const cut = cliTruncate(text, width, { position: 'middle', truncationCharacter: style.ellipsis });
    return cut + ' '.repeat(Math.max(0, width - stringWidth(cut)));
  };
  const lines = cells.map(({ path, right, time }) =>
    [
      `  ${inWidth(path, pathWidth)}`,
      ...(rightWidth > 0 ? [style.dim(inWidth(right, rightWidth))] : []),
      time.padStart(timeWidth),
    ].join('  '),
  );
  const hidden = running.length - shown.length;
  return hidden > 0 ? [...lines, style.dim(`  ${style.ellipsis} ${hidden} more running`)] : lines;
}

/** What is printed when a file finishes: nothing when it simply passed. */
function finishedLines(file: FileView, label: string, style: Style): string[] {
  const remarks = remarksOf(file);
  if (file.verdict === 'passed' && file.losses.length === 0) return [];
  if (file.verdict === 'skipped' || file.verdict === 'notRun') return [];
  const sign = paintOf(style, file.verdict)(style.sign[file.verdict]);
  const where = label === '' ? '' : `${style.bold(label)} `;
  const line = [`${sign} ${where}${nameOf(file)}`, style.dim(remarks.join('; '))].filter(Boolean).join('  ');
  const attempt = file.verdict === 'failed' || file.verdict === 'infraError' ? explainingAttempt(file) : undefined;
  return [line, ...(attempt ? failureLines(attempt, style) : [])];
}
