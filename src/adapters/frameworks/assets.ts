import { fileURLToPath } from 'node:url';

/** Path of a file of this package that runs inside the user's framework. The same from `src` and from `dist`. */
export function assetPath(name: string): string {
  return fileURLToPath(new URL(`../../../assets/${name}`, import.meta.url));
}
