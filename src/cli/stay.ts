import type { ProjectSettings } from '../config/settings.js';
import { formatDuration } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';
import type { Io } from './io.js';
import { isCi } from './terminal.js';

/** How long the embedded stack stays up after this command: only where a person is likely to type the next one. */
export function stayMsOf({ isTTY, env }: Io, { idleMs }: Pick<ProjectSettings, 'idleMs'>): number {
  return isTTY && !isCi(env) ? idleMs : 0;
}

/** Says that the embedded stack stays up, and how to end it; null if it does not, or if `holdfast dev` keeps it up. */
export function noteOfStay(io: Io, { idleMs }: Pick<ProjectSettings, 'idleMs'>, { stack }: ServerConnection): string | null {
  const stayMs = stayMsOf(io, { idleMs });
  if (stack === null || !stack.endsWhenIdle || stayMs === 0) return null;
  return `The embedded stack stays up for the next command, for ${formatDuration(stayMs)}; \`holdfast stop\` ends it.`;
}
