import type { Settings } from '../config/settings.js';
import type { ProjectCall } from '../core/model/detected.js';

/** A sentence for each suite whose settings come from the project's own test script. */
export function notesOfCalls({ calls }: Pick<Settings, 'calls'>): readonly string[] {
  return calls.flatMap(({ suite, call }) => {
    const settings = wordsOf(call);
    const leftOut = call.leftOut.length > 0 ? `; left out: ${call.leftOut.join(' ')}` : '';
    const unread = call.unread.map((part) => `; not read: ${part}`).join('');
    const notRun = call.notRun.length > 0 ? `; not run: ${call.notRun.join(' && ')}` : '';
    const measuring = call.coverageCommand ? `; coverage by ${call.coverageCommand.join(' ')}` : '';
    const rest = `${measuring}${leftOut}${unread}${notRun}`;
    return settings === '' && rest === ''
      ? []
      : [`Suite ${suite} is called as ${call.place} does: ${settings || 'no arguments'}${rest}.`];
  });
}

function wordsOf({ env, args, cwd }: ProjectCall): string {
  const folder = cwd === '.' ? [] : [`in ${cwd}`];
  return [...Object.keys(env).map((name) => `${name}=…`), ...args, ...folder].join(' ');
}
