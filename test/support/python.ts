import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Plugins that many projects have, in versions for pytest 9. */
export const PLUGINS = [
  'pytest-cov==7.1.0',
  'pytest-mock==3.17.0',
  'pytest-rerunfailures==16.7',
  'pytest-timeout==2.4.0',
  'pytest-xdist==3.8.0',
] as const;

/**
 * A Python environment with this version of pytest, and plugins, made once on a machine, outside the repository. Returns its folder.
 * Needs python3 and a package index (or pip's cache) the first time.
 */
export async function pytestEnvironment(version = '9.2.0', plugins: readonly string[] = []): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const name = ['test-pytest', version, ...plugins.map((plugin) => plugin.replace(/^pytest-|=/g, ''))].join('-');
  const folder = join(cache, 'holdfast', name);
  if (await isThere(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}-`);
  try {
    await execa('python3', ['-m', 'venv', '--without-pip', fresh]); // Most of the time would go to a pip of its own.
    const pip = ['-m', 'pip', '--python', fresh, 'install', '--quiet', '--disable-pip-version-check'];
    await execa('python3', [...pip, `pytest==${version}`, ...plugins]);
    await rename(fresh, folder).catch(async (error: unknown) => {
      if (!(await isThere(folder))) throw error; // Another test run was faster.
    });
    return folder;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

const isThere = (folder: string) =>
  access(join(folder, 'bin/python')).then(
    () => true,
    () => false,
  );
