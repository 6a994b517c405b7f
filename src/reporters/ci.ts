import { DEFAULTS } from '../core/defaults.js';
import type { Verdict } from '../core/model/attempt.js';
import { VERDICT_WORDS } from '../core/model/totals.js';
import { explainingAttempt, failureLines } from '../render/failure.js';
import type { FileView } from '../render/file-view.js';
import { oneLine } from '../render/plain.js';
import { countVerdicts, progressParts } from '../render/progress-line.js';
import type { RunView } from '../render/run-view.js';
import { inScript, styleOf } from '../render/style.js';
import { renderSummary } from '../render/summary.js';
import type { Terminal } from '../render/terminal.js';
import { formatDuration, nameOf, remarksOf } from '../render/wording.js';
import type { Reporter } from './reporter.js';

/** Verdicts that get no line in a large suite. Files that did not run are in the summary. */
const UNREMARKABLE: ReadonlySet<Verdict> = new Set<Verdict>(['passed', 'skipped', 'notRun']);

/** What has been printed about one run. */
type Printed = {
  waitingFor: string | null;
  planned: boolean;
  isPaused: boolean;
  /** Attempts already reported as slow. */
  readonly slow: Set<string>;
  progressAtMs: number;
  progressCount: number;
};

/** Plain lines for CI logs, pipes and files, written only on a change. No control codes. */
export function createCiReporter(terminal: Terminal, now: () => number): Reporter {
  const style = styleOf({ colors: false, unicode: terminal.unicode });
  const printed = new Map<string, Printed>();
  const print = (lines: readonly string[]) => {
    if (lines.length > 0) terminal.write(`${lines.join('\n')}\n`);
  };

  function started(run: RunView): Printed {
    print([
      `run ${oneLine(run.runId)} of suite ${oneLine(run.suite)} started`,
      ...(run.webUrl === null ? [] : [`Web UI: ${run.webUrl}`]),
    ]);
    const fresh = {
      waitingFor: null,
      planned: false,
      isPaused: false,
      slow: new Set<string>(),
      progressAtMs: now(),
      progressCount: 0,
    };
    printed.set(keyOf(run), fresh);
    return fresh;
  }

  /** Lines for a finished file. In a large suite (`quiet`), only files that need attention get any. */
  function finishedLines(file: FileView, quiet: boolean): string[] {
    if (quiet && UNREMARKABLE.has(file.verdict)) return [];
    const last = file.attempts.at(-1);
    const parts = [
      VERDICT_WORDS[file.verdict].padEnd(11),
      nameOf(file),
      last ? formatDuration(last.durationMs) : '',
      remarksOf(file).join('; '),
    ];
    const attempt =
      file.verdict === 'failed' || file.verdict === 'flaky' || file.verdict === 'infraError'
        ? explainingAttempt(file)
        : undefined;
    return [parts.filter(Boolean).join('  '), ...(attempt ? failureLines(attempt, style).map((line) => `  ${line}`) : [])];
  }

  function changed(run: RunView, state: Printed, prefix: string): string[] {
    const { planned } = run.progress;
    const quiet = (planned ?? 0) > DEFAULTS.everyFileNamedUpTo;
    const lines: string[] = [];
    if (planned !== null && !state.planned) {
      state.planned = true;
      lines.push(`${planned} ${planned === 1 ? 'file' : 'files'} planned`);
    }
    if (run.waitingFor !== state.waitingFor) {
      state.waitingFor = run.waitingFor;
      if (run.waitingFor !== null) lines.push(`waiting: ${oneLine(inScript(run.waitingFor, terminal.unicode))}`);
    }
    if (run.progress.isPaused !== state.isPaused) {
      state.isPaused = run.progress.isPaused;
      lines.push(state.isPaused ? 'paused' : 'resumed');
    }
    lines.push(...slowLines(run, state));
    lines.push(...run.newlyFinished.flatMap((file) => finishedLines(file, quiet)));
    if (quiet && isProgressDue(run, state)) lines.push(`progress: ${progressParts(run, style).join(', ')}`);
    return lines.map((line) => prefix + line);
  }

  /** Reports each attempt once when it has used up `slowShare` of its timeout. */
  function slowLines({ running }: RunView, { slow }: Printed): string[] {
    return running.flatMap((file) => {
      const key = `${file.path} ${file.attempt} ${file.worker}`;
      if (file.elapsedMs < file.timeoutMs * DEFAULTS.slowShare || slow.has(key)) return [];
      slow.add(key);
      const { path, worker, elapsedMs, timeoutMs } = file;
      return [
        `slow: ${oneLine(path)}  ${formatDuration(elapsedMs)} on ${oneLine(worker)}, its timeout is ${formatDuration(timeoutMs)}`,
      ];
    });
  }

  function isProgressDue({ progress }: RunView, state: Printed): boolean {
    const count = countVerdicts(progress);
    const { everyMs, everyShare } = DEFAULTS.progressLine;
    const step = (progress.planned ?? 0) * everyShare;
    if (count === state.progressCount || (count - state.progressCount < step && now() - state.progressAtMs < everyMs))
      return false;
    state.progressAtMs = now();
    state.progressCount = count;
    return true;
  }

  return {
    update(runs) {
      for (const run of runs) {
        const state = printed.get(keyOf(run)) ?? started(run);
        print(changed(run, state, runs.length > 1 ? `[${oneLine(run.suite)}] ` : ''));
      }
    },
    finish(reports) {
      terminal.write(renderSummary(reports, style));
    },
    note(text) {
      print([inScript(text, terminal.unicode)]);
    },
  };
}

function keyOf({ suite, runId }: RunView): string {
  return JSON.stringify([suite, runId]);
}
