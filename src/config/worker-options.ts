import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { CLOUDS, type Cloud } from '../core/fleet/cloud.js';
import type { OptionSpec } from './option.js';
import { asSchema, one, toMs, toNumber } from './parse.js';
import { type HoldfastConfig, httpAddressSchema, recycleSchema, shutdownGraceSchema } from './schema.js';

const option = <T>(spec: OptionSpec<T, HoldfastConfig>) => spec;

/** Signals that platforms send before they take a machine, and that mean nothing else to a worker. */
const PREEMPT_SIGNALS = ['SIGUSR2', 'SIGPWR', 'SIGQUIT', 'SIGALRM'] as const;
export type PreemptSignal = (typeof PREEMPT_SIGNALS)[number];

const clouds = Object.keys(CLOUDS);
const isCloud = (word: unknown): word is Cloud => typeof word === 'string' && Object.hasOwn(CLOUDS, word);

const limit = (flags: string, env: string, about: string) =>
  option<number | null>({
    flags,
    env,
    file: null,
    parse: one(asSchema(recycleSchema, toNumber)),
    fallback: null,
    fallbackDetail: 'never',
    about,
  });

/** Options of a worker alone. */
export const WORKER_OPTIONS = {
  shutdownGrace: option<number>({
    flags: '--shutdown-grace <duration>',
    env: 'HOLDFAST_SHUTDOWN_GRACE',
    file: { key: 'worker.shutdownGraceMs', get: ({ worker }) => worker?.shutdownGraceMs },
    parse: one(asSchema(shutdownGraceSchema, toMs)),
    fallback: DEFAULTS.shutdownGraceMs,
    about: 'how long it may take to leave, before it is ended by force',
  }),
  recycleAfter: limit('--recycle-after <n>', 'HOLDFAST_RECYCLE_AFTER', 'leave after so many files, to be started anew'),
  recycleAbove: limit(
    '--recycle-above <n>',
    'HOLDFAST_RECYCLE_ABOVE',
    'leave when it takes more than so many MB, to be started anew',
  ),
  preemptSignal: option<PreemptSignal | null>({
    flags: '--preempt-signal <name>',
    env: 'HOLDFAST_PREEMPT_SIGNAL',
    file: null,
    parse: one(asSchema(z.enum(PREEMPT_SIGNALS, `one of ${PREEMPT_SIGNALS.join(', ')}`))),
    fallback: null,
    about: 'a signal that tells it to leave, beside SIGTERM and SIGINT',
  }),
  preemptionNotices: option<Cloud | null>({
    flags: '--preemption-notices <cloud>',
    env: 'HOLDFAST_PREEMPTION_NOTICES',
    file: null,
    parse: one(asSchema(z.custom<Cloud>(isCloud, `one of ${clouds.join(', ')}`))),
    fallback: null,
    fallbackDetail: 'not asked for',
    about: `ask the metadata service of ${clouds.join(', ')} whether this machine is about to be taken away`,
  }),
  metadataUrl: option<string | null>({
    flags: null,
    env: 'HOLDFAST_METADATA_URL',
    file: null,
    parse: one(asSchema(httpAddressSchema)),
    fallback: null,
    fallbackDetail: 'where the cloud has it',
    about: 'address of that metadata service',
  }),
} as const;
