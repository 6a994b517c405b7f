import { createHash } from 'node:crypto';
import type { Environment } from '../core/model/environment.js';

/** What a CI says of the job that runs now. */
export type CiIdentity = {
  /** The same for each attempt of one job of one pipeline; a safe run id. */
  readonly id: string;
  /** From 1; 1 where the CI does not tell. */
  readonly attempt: number;
  readonly commit: string | null;
};

type Ci = {
  /** A variable that only this CI sets. */
  readonly mark: string;
  /** Variables that together name the job; the first is always there. */
  readonly id: readonly [string, ...string[]];
  /** Counters of its repeats, and what each says the first time. */
  readonly repeats: readonly { readonly variable: string; readonly first: 0 | 1 }[];
  readonly commit: string;
};

const CIS: readonly Ci[] = [
  // The job's place in a matrix is not told: jobs of a matrix need a --run-id each.
  {
    mark: 'GITHUB_ACTIONS',
    id: ['GITHUB_RUN_ID', 'GITHUB_JOB'],
    repeats: [{ variable: 'GITHUB_RUN_ATTEMPT', first: 1 }],
    commit: 'GITHUB_SHA',
  },
  // A retried job has a new CI_JOB_ID and no number. With the id in it each retry is a run of its own, and never yesterday's verdict.
  {
    mark: 'GITLAB_CI',
    id: ['CI_PIPELINE_ID', 'CI_JOB_NAME', 'CI_NODE_INDEX', 'CI_JOB_ID'],
    repeats: [],
    commit: 'CI_COMMIT_SHA',
  },
  // A repeated build has a new number, and the tag holds it.
  { mark: 'JENKINS_URL', id: ['BUILD_TAG', 'STAGE_NAME'], repeats: [], commit: 'GIT_COMMIT' },
  // A rerun is a new workflow, a rerun of one job a new build.
  {
    mark: 'CIRCLECI',
    id: ['CIRCLE_WORKFLOW_ID', 'CIRCLE_JOB', 'CIRCLE_BUILD_NUM', 'CIRCLE_NODE_INDEX'],
    repeats: [],
    commit: 'CIRCLE_SHA1',
  },
  {
    mark: 'BUILDKITE',
    id: ['BUILDKITE_BUILD_ID', 'BUILDKITE_STEP_ID', 'BUILDKITE_PARALLEL_JOB'],
    repeats: [{ variable: 'BUILDKITE_RETRY_COUNT', first: 0 }],
    commit: 'BUILDKITE_COMMIT',
  },
  {
    mark: 'TF_BUILD',
    id: ['BUILD_BUILDID', 'SYSTEM_STAGENAME', 'SYSTEM_JOBNAME', 'SYSTEM_JOBPOSITIONINPHASE'],
    repeats: [
      { variable: 'SYSTEM_STAGEATTEMPT', first: 1 },
      { variable: 'SYSTEM_JOBATTEMPT', first: 1 },
    ],
    commit: 'BUILD_SOURCEVERSION',
  },
];

/** Which job of which CI this is; null outside of the CIs Holdfast knows. */
export function ciIdentity(env: Environment): CiIdentity | null {
  const ci = CIS.find(({ mark }) => Boolean(env[mark]));
  if (ci === undefined || !env[ci.id[0]]) return null;
  const id = ci.id.flatMap((name) => env[name] || []).join('-');
  const repeats = ci.repeats.reduce((sum, { variable, first }) => sum + repeatsOf(env[variable], first), 0);
  const commit = env[ci.commit] ?? '';
  return { id: safeRunId(id), attempt: 1 + repeats, commit: /^[0-9a-f]{7,64}$/i.test(commit) ? commit : null };
}

/** Anything but a small count says nothing. */
function repeatsOf(text: string | undefined, first: number): number {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Math.max(0, Number(text) - first) : 0;
}

const LONGEST_RUN_ID = 100;
const MARK_LENGTH = 8;

/** A run id may have letters, digits, `.`, `_` and `-`. What must be changed for that bears a mark of its own, so that two names stay two. */
function safeRunId(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^[.-]/, '_');
  if (safe === name && safe.length <= LONGEST_RUN_ID) return safe;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, MARK_LENGTH);
  return `${safe.slice(0, LONGEST_RUN_ID - MARK_LENGTH - 1)}-${mark}`;
}
