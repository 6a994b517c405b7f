import { oneLine } from './plain.js';
import { progressParts } from './progress-line.js';
import type { RunView } from './run-view.js';
import { styleOf } from './style.js';
import type { Display } from './terminal.js';
import { formatDuration, runningName } from './wording.js';

/** The state of a running run: its progress, which file runs where, and what it waits for. */
export function renderStanding(view: RunView, display: Display): string {
  const style = styleOf(display);
  const { suite, runId, running, waitingFor, progress } = view;
  const lines = [
    `Run ${oneLine(suite)}/${runId} is running: ${progressParts(view, style).join(', ')}`,
    ...running.map((file) => `  running  ${runningName(file)}  ${file.worker}  ${formatDuration(file.elapsedMs)}`),
    ...progress.waiting.map(({ path, what }) => `  waiting  ${oneLine(path)}  for ${oneLine(what)}`),
    ...(waitingFor === null ? [] : [`  waiting for ${waitingFor}`]),
    `Watch it with: holdfast attach ${oneLine(suite)}/${runId}`,
  ];
  return `${lines.join('\n')}\n`;
}
