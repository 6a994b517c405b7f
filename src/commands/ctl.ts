import { hostname, userInfo } from 'node:os';
import { Command } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { withServer } from '../cli/with-server.js';
import { changeRun } from '../client/change-run.js';
import { runOf } from '../client/run.js';
import { Mismatch, toMs, toNumber } from '../config/parse.js';
import { RunnerError } from '../core/errors.js';
import { type Change, describeChange } from '../core/model/change.js';

const HELP = `
Changes, each recorded in the run with who asked and when:
  pause                       start no further test file; what runs goes on
  resume                      go on
  concurrency N|auto          files in flight at most; auto: as the fleet takes
  quarantine FILE             let it fail without failing the run
  skip FILE                   leave it out; end it if it runs
  cancel FILE                 end it; it is not run, and the run incomplete
  extend FILE DURATION        let it run longer: at most its own deadline again
  deadline DURATION|none      longest the run may take, from its start
`;

/** Reads what comes after the verb. Throws a Mismatch or null for words too few or too many. */
type ReadChange = (words: readonly string[]) => Change | null;

const bare =
  (change: Change): ReadChange =>
  (words) =>
    words.length === 0 ? change : null;
const ofFile =
  (kind: 'quarantine' | 'skip' | 'cancel'): ReadChange =>
  ([path, ...rest]) =>
    path !== undefined && rest.length === 0 ? { kind, path } : null;

const countOf = (word: string) => wholeOf(toNumber(word), 'a whole number, or auto');
const durationOf = (word: string) => wholeOf(toMs(word), 'a duration such as 30s, 5m or 1h');
const wholeOf = (value: number, wanted: string) => {
  if (Number.isInteger(value) && value > 0) return value;
  throw new Mismatch(wanted);
};

const VERBS: Readonly<Record<string, ReadChange>> = {
  pause: bare({ kind: 'pause' }),
  resume: bare({ kind: 'resume' }),
  concurrency: ([limit, ...rest]) =>
    limit !== undefined && rest.length === 0 ? { kind: 'concurrency', limit: limit === 'auto' ? null : countOf(limit) } : null,
  quarantine: ofFile('quarantine'),
  skip: ofFile('skip'),
  cancel: ofFile('cancel'),
  extend: ([path, by, ...rest]) =>
    path !== undefined && by !== undefined && rest.length === 0 ? { kind: 'extend', path, byMs: durationOf(by) } : null,
  deadline: ([time, ...rest]) =>
    time !== undefined && rest.length === 0
      ? { kind: 'runDeadline', deadlineMs: time === 'none' ? null : durationOf(time) }
      : null,
};

/** `holdfast ctl`: changes a run while it goes on. */
export function ctlCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('ctl').description('change a run while it goes on').usage('[options] [RUN] <change> [words…]'),
  )
    .argument('[words...]', 'RUN (the runs started last here, when not given) and the change')
    .addHelpText('after', HELP);
  return command.action(async (words: readonly string[]) => {
    const { name, change } = readWords(words);
    const settings = await projectOf(io, command);
    await withServer(io, settings, async (server) => {
      for (const { suite, runId } of await findRuns(name, settings, async () => server)) {
        await changeRun(server.client, runOf(server.client, suite, runId), change, whoAsks());
        io.stdout.write(`${suite}/${runId}: ${describeChange(change)}.\n`);
      }
    });
  });
}

function readWords(words: readonly string[]): { name: string | undefined; change: Change } {
  const [first, second] = words;
  const [name, verb = '', rest] =
    first !== undefined && Object.hasOwn(VERBS, first) ? [undefined, first, words.slice(1)] : [first, second, words.slice(2)];
  const read = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  const verbs = Object.keys(VERBS).join(', ');
  if (read === undefined) throw new RunnerError('USAGE', `A change must be one of ${verbs}, not ${JSON.stringify(verb)}.`);
  try {
    const change = read(rest);
    if (change !== null) return { name, change };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new RunnerError('USAGE', `${verb} wants ${error.wanted}, not ${JSON.stringify(rest.at(-1) ?? '')}.`);
  }
  throw new RunnerError('USAGE', `${verb} does not take ${rest.length === 0 ? 'no words' : JSON.stringify(rest.join(' '))}.`);
}

function whoAsks(): string {
  return `${userInfo().username}@${hostname()}`;
}
