import { projectKeyFile } from '../adapters/temporal/signing-keys.js';
import type { ProjectSettings } from '../config/settings.js';

/** The file with the keys of an embedded stack: the configured one, or that of the project. */
export function keyFileOf({ keyFile, stateFolder }: Pick<ProjectSettings, 'keyFile' | 'stateFolder'>): string {
  return keyFile ?? projectKeyFile(stateFolder);
}
