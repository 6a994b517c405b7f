import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import { maySet, SETUP_REPEATS } from '../config-text.js';
import type { SuiteFolder } from '../framework.js';
import { runListingToFile } from '../listing.js';
import { needPackage } from '../resolve.js';

const CONFIG_FILES = /^(?:vitest|vite)\.(?:config|workspace|projects)\.\w+$/;
const SETTINGS = /globalSetup|browser|projects\s*:|workspace\s*:/;

const described = z.object({ globalSetup: z.boolean(), browser: z.boolean() });

/** What a run does otherwise than `vitest run`, by the configuration that vitest itself has read. */
export async function vitestRemarks(folder: SuiteFolder): Promise<readonly string[]> {
  if (!(await maySet(folder, CONFIG_FILES, SETTINGS))) return [];
  const { folder: vitest } = await needPackage(folder.cwd, 'vitest');
  const program = packageFile('src/frameworks/vitest/describe.mjs');
  const text = await runListingToFile(folder, (path) => [
    process.execPath,
    program,
    path,
    pathToFileURL(vitest).href,
    ...folder.spec.args,
  ]);
  const { globalSetup, browser } = described.parse(JSON.parse(text));
  return [
    ...(globalSetup ? [SETUP_REPEATS] : []),
    ...(browser ? ['each file has a process of its own, because of a browser.'] : []),
  ];
}
