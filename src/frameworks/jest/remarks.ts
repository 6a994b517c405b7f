import { relative } from 'node:path';
import { z } from 'zod';
import { maySet, SETUP_REPEATS } from '../config-text.js';
import type { SuiteFolder } from '../framework.js';
import { runListing } from '../listing.js';
import { binOf } from '../resolve.js';

const CONFIG_FILES = /^(?:jest\.config\.\w+|package\.json)$/;
const SETTINGS = /globalSetup|globalTeardown|detectOpenHandles|reporters|"?projects"?\s*:/;
/** Reporters that only print. */
const PRINTING = new Set(['default', 'summary', 'github-actions', 'agent']);

const hooks = z.object({ globalSetup: z.string().nullish(), globalTeardown: z.string().nullish() });
const shown = z.object({
  configs: z.array(hooks),
  globalConfig: hooks.extend({
    detectOpenHandles: z.boolean().optional(),
    reporters: z.array(z.tuple([z.string()]).rest(z.unknown())).nullish(),
  }),
});

/** What a run does otherwise than `jest`, by the configuration that jest itself has read. */
export async function jestRemarks(folder: SuiteFolder): Promise<readonly string[]> {
  if (!(await maySet(folder, CONFIG_FILES, SETTINGS))) return [];
  const argv = [process.execPath, await binOf(folder.cwd, 'jest'), ...folder.spec.args, '--showConfig'] as const;
  const { stdout } = await runListing(folder, argv);
  const { configs, globalConfig } = shown.parse(JSON.parse(stdout.slice(stdout.indexOf('{\n'))));
  const reporters = (globalConfig.reporters ?? []).map(([name]) => name).filter((name) => !PRINTING.has(name));
  return [
    ...([...configs, globalConfig].some(({ globalSetup, globalTeardown }) => globalSetup || globalTeardown)
      ? [SETUP_REPEATS]
      : []),
    ...(globalConfig.detectOpenHandles ? ['each file has a process of its own, because of detectOpenHandles.'] : []),
    ...(reporters.length > 0
      ? [`its reporters do not run: ${reporters.map((path) => shortened(path, folder.cwd)).join(', ')}.`]
      : []),
  ];
}

/** A path as people write it: a package by its name, a file from the suite's folder. */
const shortened = (path: string, cwd: string) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? relative(cwd, path);
