import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { packageFile } from '../adapters/package-file.js';
import { RunnerError } from '../core/errors.js';
import { CONFIG_FILES, readPackageKey } from './find-config.js';
import { problemsOf } from './problems.js';
import { configSchema, type HoldfastConfig } from './schema.js';

/**
 * Reads and checks a configuration file, given absolutely: .ts, .mts, .js, .mjs, .json, .yaml, .yml, or the `holdfast` key of a package.json.
 * Throws CONFIG_UNREADABLE when it is missing, broken or throws itself; CONFIG_INVALID with a sentence for each thing wrong in it.
 */
export async function readConfig(file: string): Promise<HoldfastConfig> {
  const content = await load(file);
  const read = configSchema.safeParse(content);
  if (read.success) return read.data;
  throw new RunnerError(
    'CONFIG_INVALID',
    problemsOf(read.error, content)
      .map((problem) => `${file}: ${problem}`)
      .join('\n'),
  );
}

async function load(file: string): Promise<unknown> {
  const info = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (!info.isFile()) throw new RunnerError('CONFIG_UNREADABLE', `${file} is not a file.`);
  if (path.basename(file) === 'package.json') return (await readPackageKey(file)) ?? {};
  const extension = path.extname(file);
  if (!CONFIG_FILES.some((name) => path.extname(name) === extension)) {
    throw new RunnerError('CONFIG_UNREADABLE', `${file} is none of ${CONFIG_FILES.join(', ')} or package.json.`);
  }
  try {
    // Read as they are: c12 forgives broken JSON by running it as a script.
    if (extension === '.json') return JSON.parse(await readFile(file, 'utf8'));
    if (/^\.ya?ml$/.test(extension) && isBlank(await readFile(file, 'utf8'))) throw new Error('it is empty'); // c12 stumbles over nothing.
    return await loadWithC12(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Loaded late: it takes a tenth of a second, and a project without such a file does not need it. */
async function loadWithC12(file: string): Promise<unknown> {
  const { loadConfig } = await import('c12');
  const { layers } = await loadConfig({
    cwd: path.dirname(file),
    configFile: file,
    rcFile: false,
    globalRc: false,
    dotenv: false,
    packageJson: false,
    envName: false,
    extend: false,
    giget: false,
    jitiOptions: { fsCache: false, alias: { 'holdfast/config': packageFile('dist/config.js') } }, // defineConfig works where holdfast is not installed in the project.
  });
  return layers?.[0]?.config; // As written: the merged one has lost what is null.
}

function unreadable(file: string, cause: unknown): RunnerError {
  const isMissing =
    cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' && 'path' in cause && cause.path === file;
  const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
  return new RunnerError('CONFIG_UNREADABLE', isMissing ? `There is no file ${file}.` : `${file} cannot be read: ${reason}.`, {
    cause,
  });
}

const isBlank = (yaml: string) => yaml.split('\n').every((line) => /^\s*(#.*)?$/.test(line));

const firstLine = (text: string) => (text.split('\n')[0] ?? '').replace(/\.$/, '');
