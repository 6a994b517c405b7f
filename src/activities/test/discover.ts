import { DEFAULTS } from '../../core/defaults.js';
import { testEnvironment } from '../../core/environment.js';
import { RunnerError } from '../../core/errors.js';
import type { Parcel } from '../../core/parcel.js';
import type { FrameworkSpec, Selection, Source } from '../../core/suite.js';
import { asFailure } from '../failure.js';
import { whileLeased } from './lease.js';
import type { TestAdapters } from './test-adapters.js';

export type DiscoverInput = {
  readonly suite: string;
  readonly runId: string;
  readonly source: Source;
  readonly framework: FrameworkSpec;
  readonly selection: Selection;
};

/** The files a run is about, fixed once: no verdict is possible while one of them has none. */
export type Manifest = {
  readonly count: number;
  readonly files: Parcel<readonly string[]>;
  /** The commit the source was resolved to; null where it is not known. */
  readonly commit: string | null;
};

/** Lists the test files of a suite with the framework's own listing. */
export const createDiscover =
  ({ worker, sources, frameworkOf, listTestFiles, parcels, environment, marks, leaving }: TestAdapters) =>
  ({ suite, runId, source, framework, selection }: DiscoverInput): Promise<Manifest> =>
    asFailure(() =>
      whileLeased({ worker, startedAtMs: Date.now(), leaving }, async () => {
        const { cwd, commit } = await sources.locate({ source, commit: null, cwd: framework.cwd });
        const folder = { cwd, spec: framework, env: { ...testEnvironment(environment, framework.env), ...marks } };
        const missing = await frameworkOf(framework.name).missing(folder);
        if (missing !== null) throw new RunnerError('FRAMEWORK_MISSING', missing);
        const files = await listTestFiles(folder, selection);
        const parcel = await parcels.pack(['runs', suite, runId, 'manifest.json'], files, DEFAULTS.inlineManifestBytes);
        return { count: files.length, files: parcel, commit };
      }),
    );
