import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { packageFile } from '../adapters/package-file.js';
import { hasCode, RunnerError } from '../core/errors.js';
import { CONFIG_FILES, readPackageKey } from './find-config.js';
import { problemsOf } from './problems.js';
import { configSchema, type HoldfastConfig } from './schema.js';

/**
 * Reads and validates a configuration file: .ts, .mts, .js, .mjs, .json, .yaml, .yml, or the `holdfast` key of a package.json.
 * `file` is absolute. Throws CONFIG_UNREADABLE if it is missing, malformed or throws itself, CONFIG_INVALID with one sentence per
 * problem.
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
    // Parse JSON directly: c12 falls back to running malformed JSON as a script.
    if (extension === '.json') return JSON.parse(await readFile(file, 'utf8'));
    // c12 fails on an empty document.
    if (/^\.ya?ml$/.test(extension) && isBlank(await readFile(file, 'utf8'))) throw new Error('it is empty');
    return await loadWithC12(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Imports c12 lazily: that takes a tenth of a second, which projects without such a file can save. */
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
    // The alias makes defineConfig available even if holdfast is not installed in the project.
    jitiOptions: { fsCache: false, alias: { 'holdfast/config': packageFile('dist/config.js') } },
  });
  return layers?.[0]?.config; // The original layer: merging drops null values.
}

function unreadable(file: string, cause: unknown): RunnerError {
  const isMissing = hasCode(cause, 'ENOENT') && 'path' in cause && cause.path === file;
  const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
  return new RunnerError('CONFIG_UNREADABLE', isMissing ? `There is no file ${file}.` : `${file} cannot be read: ${reason}.`, {
    cause,
  });
}

const isBlank = (yaml: string) => yaml.split('\n').every((line) => /^\s*(#.*)?$/.test(line));

const firstLine = (text: string) => (text.split('\n')[0] ?? '').replace(/\.$/, '');
