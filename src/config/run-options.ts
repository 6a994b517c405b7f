import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { parseReporter, REPORTER_WORDS, type ReporterSpec } from '../reporters/index.js';
import type { OptionSpec } from './option.js';
import { asSchema, asSwitch, asText, each, one, toNumber } from './parse.js';
import { type HoldfastConfig, httpAddressSchema, queuePrefixSchema, seedSchema, slotsSchema } from './schema.js';

const option = <T>(spec: OptionSpec<T, HoldfastConfig>) => spec;

const text = (flags: string | null, env: string, about: string, fallbackDetail?: string) =>
  option<string | null>({
    flags,
    env,
    file: null,
    parse: one(asText),
    fallback: null,
    about,
    ...(fallbackDetail && { fallbackDetail }),
  });

const toggle = (flags: string, env: string, about: string) =>
  option<boolean>({ flags, env, file: null, parse: one(asSwitch), fallback: false, about });

const RUN_ID = 'a name of letters, digits, ".", "_" and "-" (at most 100, the first a letter, digit or "_")';

/** Options of a command as a whole. */
export const RUN_OPTIONS = {
  config: text('--config <file>', 'HOLDFAST_CONFIG', 'configuration file', 'found from the start folder upward'),
  suite: option<readonly string[]>({
    flags: '--suite <name>',
    env: 'HOLDFAST_SUITE',
    file: null,
    parse: each(asText),
    fallback: [],
    fallbackDetail: 'all that are not manual',
    about: 'run this suite (repeatable)',
    many: ',',
  }),
  filesFrom: text(
    '--files-from <file>',
    'HOLDFAST_FILES_FROM',
    'run only the files listed there, one a line or divided by NUL; - reads standard input',
  ),
  runId: option<string | null>({
    flags: '--run-id <id>',
    env: 'HOLDFAST_RUN_ID',
    file: null,
    parse: one(asSchema(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, RUN_ID))),
    fallback: null,
    fallbackDetail: 'from the CI, else generated',
    about: 'name of this run; the same name again attaches to it',
  }),
  workers: option<number>({
    flags: '-j, --workers <n>',
    env: 'HOLDFAST_WORKERS',
    file: { key: 'worker.slots', get: ({ worker }) => worker?.slots },
    parse: one(asSchema(slotsSchema, toNumber)),
    fallback: availableParallelism(),
    fallbackDetail: 'one for each core',
    about: 'files a worker of this machine runs at once',
  }),
  withWorkers: toggle('--with-workers', 'HOLDFAST_WITH_WORKERS', 'start workers here although a server is configured'),
  detach: toggle('--detach', 'HOLDFAST_DETACH', 'start the run, print its name and leave'),
  dryRun: toggle('--list, --dry-run', 'HOLDFAST_DRY_RUN', 'print the plan with order, estimates and deadlines; start nothing'),
  reporter: option<readonly ReporterSpec[]>({
    flags: '--reporter <name[=path]>',
    env: 'HOLDFAST_REPORTER',
    file: null,
    parse: each(parseReporter),
    fallback: [],
    fallbackDetail: 'live on a terminal, ci elsewhere',
    about: `${REPORTER_WORDS} (repeatable)`,
    many: ',',
  }),
  owner: text('--owner <name>', 'HOLDFAST_OWNER', 'whose run this is; `cancel --owner` finds it'),
  environment: text(
    '--environment <name>',
    'HOLDFAST_ENVIRONMENT',
    'where the tests run, such as staging; quarantine may be for some only',
  ),
  seed: option<number | null>({
    flags: '--seed <n>',
    env: 'HOLDFAST_SEED',
    file: null,
    parse: one(asSchema(seedSchema, toNumber)),
    fallback: null,
    fallbackDetail: 'drawn anew for each run',
    about: 'of --order random: the same seed gives the same order',
  }),
  queuePrefix: option<string>({
    flags: null,
    env: 'HOLDFAST_QUEUE_PREFIX',
    file: { key: 'queuePrefix', get: ({ queuePrefix }) => queuePrefix },
    parse: one(asSchema(queuePrefixSchema)),
    fallback: DEFAULTS.queuePrefix,
    about: 'prefix of the task queues',
  }),
  databaseUrl: {
    ...text(null, 'HOLDFAST_DATABASE_URL', 'PostgreSQL of the results', 'embedded, in the state folder'),
    isSecret: true,
  },
  objects: text(null, 'HOLDFAST_OBJECTS', 'folder or file: URL of the object store', '.holdfast/objects of the project'),
  webUi: option<string | null>({
    flags: null,
    env: 'HOLDFAST_WEB_UI',
    file: null,
    parse: one(asSchema(httpAddressSchema)),
    fallback: null,
    fallbackDetail: 'that of the embedded stack',
    about: 'address of Temporal’s Web UI, for links',
  }),
  temporalCli: text(null, 'HOLDFAST_TEMPORAL_CLI', 'Temporal binary of the embedded stack', 'found or fetched'),
} as const;
