import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.dirname(createRequire(import.meta.url).resolve('holdfast/package.json'));

/** Path of a file of this package (`dist/cli.js`): the same from the sources and from the bundle, where modules share files. */
export function packageFile(name: string): string {
  return path.join(root, name);
}
