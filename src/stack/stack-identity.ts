import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { packageFile } from '../adapters/package-file.js';
import { loadServerSettings } from '../adapters/temporal/server-settings.js';
import type { ProjectSettings } from '../config/settings.js';
import type { Environment } from '../core/model/environment.js';

/** What a stack was started with. A command joins only one with which it would have started its own. */
export type StackIdentity = {
  /** Version and place of Holdfast. */
  readonly version: string;
  readonly runtime: string;
  readonly user: number;
  /** A hash of the settings that stack and worker were started with; they may contain a password. */
  readonly settings: string;
};

/** What a stack would be that this command started. */
export function stackIdentity(project: ProjectSettings, env: Environment): StackIdentity {
  const { address, namespace, isConfigured } = loadServerSettings(env);
  const { worker, queuePrefix, databaseUrl, objects, temporalCli, keyFile } = project;
  const server = isConfigured ? [address, namespace] : [namespace];
  const settings = JSON.stringify([worker, queuePrefix, databaseUrl, objects, temporalCli, keyFile, server]);
  return {
    version: versionHere(),
    runtime: `${process.version} ${process.execPath}`,
    user: userInfo().uid,
    settings: createHash('sha256').update(settings).digest('hex'),
  };
}

const WORDS: Readonly<Record<keyof StackIdentity, string>> = {
  version: 'another version of Holdfast',
  runtime: 'another Node',
  user: 'another user',
  settings: 'other settings',
};

/** How a stack differs from another, in words, the most important first; null if it does not. */
export function differenceOf(
  a: StackIdentity,
  b: StackIdentity,
): { readonly key: keyof StackIdentity; readonly words: string } | null {
  for (const key of ['user', 'version', 'runtime', 'settings'] as const) if (a[key] !== b[key]) return { key, words: WORDS[key] };
  return null;
}

/** The version in package.json, the place, and when it was built: while somebody works on Holdfast itself, the version stays. */
function versionHere(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '?';
  const cli = packageFile('dist/cli.js');
  return `${version} ${cli} ${statSync(cli, { throwIfNoEntry: false })?.mtimeMs ?? 0}`;
}
