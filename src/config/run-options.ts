import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { parseReporter, REPORTER_WORDS, type ReporterSpec } from '../reporters/index.js';
import { duration, lastWord, number, option, optionalText, textList, toggle } from './define-option.js';
import { MASK } from './option.js';
import { toNumber } from './parse.js';
import { count, httpAddress, safeName } from './value-schemas.js';

const RUN_ID = 'a name of letters, digits, ".", "_" and "-" (at most 100, the first a letter, digit or "_")';
const notInFile = { key: null } as const;

/** Options of a command as a whole, rather than of a suite. */
export const RUN_OPTIONS = {
  suite: textList({
    ...notInFile,
    group: 'Which tests',
    flags: '--suite <name>',
    separator: ',',
    defaultText: 'all that are not manual',
    about: 'only this suite',
  }),
  filesFrom: optionalText({
    ...notInFile,
    group: 'Which tests',
    flags: '--files-from <file>',
    about: 'run only the files listed there, one per line or separated by NUL; - reads standard input',
  }),
  seed: option(count(0, 2 ** 32 - 1), lastWord(toNumber), {
    ...notInFile,
    group: 'Order and load',
    flags: '--seed <n>',
    default: null,
    defaultText: 'a new one for each run',
    about: 'seed of --order random: the same seed gives the same order',
  }),

  runId: option(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, RUN_ID), lastWord(String), {
    ...notInFile,
    group: 'The run',
    flags: '--run-id <id>',
    default: null,
    defaultText: 'from the CI, else generated',
    about: 'name of the run; the same name again attaches to it',
  }),
  owner: optionalText({
    ...notInFile,
    group: 'The run',
    flags: '--owner <name>',
    about: 'owner of the run, for `list --owner` and `cancel --owner`',
  }),
  environment: optionalText({
    ...notInFile,
    group: 'The run',
    flags: '--environment <name>',
    about: 'where the tests run, such as staging; quarantine may be for some environments only',
  }),
  reporter: option<readonly ReporterSpec[], readonly ReporterSpec[]>(
    z.custom<readonly ReporterSpec[]>(),
    (words) => words.map(parseReporter),
    {
      ...notInFile,
      group: 'The run',
      flags: '--reporter <name[=path]>',
      separator: ',',
      default: [],
      defaultText: 'live on a terminal, ci elsewhere',
      about: REPORTER_WORDS,
      page: 'results.md',
    },
  ),
  detach: toggle({
    ...notInFile,
    group: 'The run',
    flags: '--detach',
    default: false,
    about: 'start the run, print its name and exit',
  }),
  dryRun: toggle({
    ...notInFile,
    group: 'The run',
    flags: '--list, --dry-run',
    default: false,
    about: 'print the plan with order, estimates and timeouts; start nothing',
  }),

  config: optionalText({
    ...notInFile,
    group: 'This machine',
    flags: '--config <file>',
    defaultText: 'found in the current folder or above',
    about: 'configuration file',
  }),
  slots: number({
    key: 'worker.slots',
    group: 'This machine',
    flags: '-j, --workers <n>',
    env: 'HOLDFAST_WORKER_SLOTS',
    least: 1,
    default: availableParallelism(),
    defaultText: 'one per core',
    about: 'test files to run at once on this machine (slots of its worker)',
  }),
  withWorkers: toggle({
    ...notInFile,
    group: 'This machine',
    flags: '--with-workers',
    default: false,
    about: 'start workers here even if a server is configured',
  }),
  queuePrefix: option(safeName('letters, digits, -, _ and . (at most 100)'), lastWord(String), {
    group: 'This machine',
    env: 'HOLDFAST_QUEUE_PREFIX',
    default: DEFAULTS.queuePrefix,
    about: 'prefix of the task queues',
  }),
  databaseUrl: optionalText({
    ...notInFile,
    group: 'This machine',
    env: 'HOLDFAST_DATABASE_URL',
    defaultText: 'embedded, in the state folder',
    about: 'PostgreSQL for the results',
    shown: (url) => (url === null ? null : MASK),
  }),
  objects: optionalText({
    ...notInFile,
    group: 'This machine',
    env: 'HOLDFAST_OBJECTS',
    defaultText: '.holdfast/objects of the project',
    about: 'object store: a folder, relative to the project, or a file: URL',
  }),
  webUi: option(httpAddress, lastWord(String), {
    ...notInFile,
    group: 'This machine',
    env: 'HOLDFAST_WEB_UI',
    default: null,
    defaultText: 'that of the embedded stack',
    about: 'address of Temporal’s Web UI, for links',
  }),
  keyFile: optionalText({
    ...notInFile,
    group: 'This machine',
    env: 'HOLDFAST_KEY_FILE',
    defaultText: 'the project’s own on its embedded stack, none elsewhere',
    about: 'file with the keys that sign what travels through Temporal, one per line: the first signs, all verify',
    page: 'security.md',
  }),
  idleMs: duration({
    group: 'This machine',
    env: 'HOLDFAST_IDLE',
    least: 0,
    default: DEFAULTS.stackIdleMs,
    about: 'how long the embedded stack stays up for the next command after one on a terminal; 0: not at all',
  }),
  temporalCli: optionalText({
    ...notInFile,
    group: 'This machine',
    env: 'HOLDFAST_TEMPORAL_CLI',
    defaultText: 'found or downloaded',
    about: 'Temporal binary of the embedded stack, relative to the current folder',
  }),
} as const;
