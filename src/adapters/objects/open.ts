import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunnerError } from '../../core/errors.js';
import { openFolder } from './folder.js';
import type { ObjectStore } from './object-store.js';

/** Opens the store in a folder or at a `file:` URL, without touching the disk yet. Throws CONFIG_INVALID for any other location. */
export function openObjects(location: string): ObjectStore {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase(); // At least two letters: `C:` is a drive.
  if (location === '' || (scheme !== undefined && scheme !== 'file')) {
    throw new RunnerError(
      'CONFIG_INVALID',
      `The object store must be a folder or a file: URL, not ${scheme ? `a ${scheme}: URL` : 'empty'}.`,
    );
  }
  return openFolder(scheme === undefined ? resolve(location) : pathOfUrl(location));
}

function pathOfUrl(location: string): string {
  try {
    return fileURLToPath(location);
  } catch (cause) {
    throw new RunnerError('CONFIG_INVALID', `The object store ${location} is not a folder on this machine; use file:///folder.`, {
      cause,
    });
  }
}
