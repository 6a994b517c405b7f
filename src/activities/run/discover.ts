import type { DiscoverInput, Manifest, RepositoryFacts } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { testEnvironment } from '../../core/model/environment.js';
import { workflowIdOf } from '../../core/model/suite.js';
import { asFailure } from '../failure.js';
import { whileLeased } from './lease.js';
import type { TestAdapters } from './test-adapters.js';

/** Lists the test files of a suite with the framework's own listing. Throws FRAMEWORK_MISSING if it is not installed. */
export const createDiscover =
  ({
    worker,
    sources,
    frameworkOf,
    listTestFiles,
    fileRunner,
    ownNetwork,
    repository,
    claimChecks,
    environmentOf,
    marks,
    leaving,
  }: TestAdapters) =>
  ({ suite, runId, source, framework, selection, withContents = false }: DiscoverInput): Promise<Manifest> =>
    asFailure(() => {
      const startedAtMs = Date.now();
      return whileLeased({ worker, leaving, news: () => ({ startedAtMs }) }, async (lease) => {
        const { cwd, commit } = await sources.locate({ source, commit: null, cwd: framework.cwd });
        const env = testEnvironment(await environmentOf(workflowIdOf(suite, runId)), framework.env);
        const folder = { cwd, spec: framework, env: { ...env, ...marks } };
        const missing = await frameworkOf(framework.name).missing(folder);
        if (missing !== null) throw new RunnerError('FRAMEWORK_MISSING', missing);
        const within = framework.network === 'own' ? await ownNetwork() : undefined;
        const ofTests = { ...folder, env, ...(within && { within }) };
        const listed = await fileRunner.openAhead({ framework: frameworkOf(framework.name), folder: ofTests, runId }, lease);
        const files = await listTestFiles(folder, selection, listed);
        const root = await sources.locate({ source, commit, cwd: '.' });
        const facts: RepositoryFacts = {
          quarantine: await repository.readQuarantine(root.cwd),
          codeowners: await repository.readCodeowners(cwd, root.cwd),
          contents: withContents ? await repository.digestsOf(cwd, files) : null,
          sizes: await repository.sizesOf(cwd, files),
        };
        const place = ['runs', suite, runId];
        return {
          count: files.length,
          files: await claimChecks.pack([...place, 'manifest.json'], files, DEFAULTS.inlineManifestBytes),
          commit,
          repository: await claimChecks.pack([...place, 'repository.json'], facts, DEFAULTS.inlineManifestBytes),
        };
      });
    });
