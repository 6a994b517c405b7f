import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.dirname(createRequire(import.meta.url).resolve('holdfast/package.json'));

/** Absolute path of a file in this package (`dist/cli.js`). Works from the sources and from the bundle, where modules share files. */
export function packageFile(name: string): string {
  return path.join(root, name);
}
