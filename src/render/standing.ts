import { oneLine } from './plain.js';
import { progressParts } from './progress-line.js';
import type { RunView } from './run-view.js';
import { styleOf } from './style.js';
import type { Display } from './terminal.js';
import { formatDuration, runningName } from './wording.js';

/** How a run that goes on stands: how far it is, what runs where, and what it waits for. */
export function renderStanding(view: RunView, display: Display): string {
  const style = styleOf(display);
  const { suite, runId, running, waitingFor, progress } = view;
  const lines = [
    `Run ${oneLine(suite)}/${runId} is going on: ${progressParts(view, style).join(', ')}`,
    ...running.map((file) => `  running  ${runningName(file)}  ${file.worker}  ${formatDuration(file.elapsedMs)}`),
    ...progress.waiting.map(({ path, what }) => `  waiting  ${oneLine(path)}  for ${oneLine(what)}`),
    ...(waitingFor === null ? [] : [`  waiting for ${waitingFor}`]),
    `To watch it: holdfast attach ${oneLine(suite)}/${runId}`,
  ];
  return `${lines.join('\n')}\n`;
}
