import { DEFAULTS } from '../core/defaults.js';
import { CLOUDS, type Cloud } from '../core/fleet/cloud.js';
import { duration, number, oneOf } from './define-option.js';

/** Signals that platforms send before they reclaim a machine, and that have no other meaning for a worker. */
const PREEMPT_SIGNALS = ['SIGUSR2', 'SIGPWR', 'SIGQUIT', 'SIGALRM'] as const;
export type PreemptSignal = (typeof PREEMPT_SIGNALS)[number];

const clouds = Object.keys(CLOUDS) as [Cloud, ...Cloud[]];

/** Options of `holdfast worker` alone. */
export const WORKER_OPTIONS = {
  shutdownGraceMs: duration({
    key: 'worker.shutdownGraceMs',
    group: 'This machine',
    flags: '--shutdown-grace <duration>',
    most: DEFAULTS.longestKillGraceMs,
    default: DEFAULTS.shutdownGraceMs,
    about: 'how long the worker may take to leave before it exits by force',
  }),
  recycleAfter: number({
    key: null,
    group: 'This machine',
    flags: '--recycle-after <n>',
    least: 1,
    most: Number.MAX_SAFE_INTEGER,
    default: null,
    defaultText: 'never',
    about: 'leave after this many files, to be restarted by the embedded stack, systemd or Kubernetes',
  }),
  preemptSignal: oneOf(PREEMPT_SIGNALS, {
    key: null,
    group: 'This machine',
    flags: '--preempt-signal <name>',
    default: null,
    defaultText: 'none',
    about: `leave on this signal too, as on SIGTERM and SIGINT: ${PREEMPT_SIGNALS.join(', ')}`,
  }),
  preemptionNotices: oneOf(clouds, {
    key: null,
    group: 'This machine',
    flags: '--preemption-notices <cloud>',
    default: null,
    defaultText: 'not polled',
    about: `poll the metadata service of ${clouds.slice(0, -1).join(', ')} or ${clouds.at(-1)} for a preemption notice`,
  }),
} as const;
