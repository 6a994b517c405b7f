import { createHash } from 'node:crypto';

/** File systems end a name at 255 bytes; the rest is room for the name of a file being written. */
const LONGEST_NAME = 200;

/**
 * The key of an object from its parts, each of which may be any text: a test file with slashes, quotes or newlines in its path
 * becomes one name of a folder. Different parts give different keys; a name that would be too long is cut and ends in its hash.
 */
export function objectKey(...parts: readonly string[]): string {
  return parts.map(nameOf).join('/');
}

function nameOf(part: string): string {
  const name = Buffer.from(part)
    .toString('latin1')
    .replace(/[^A-Za-z0-9._-]|^\./g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  if (name === '') return '%'; // A lone % comes of no other text.
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(part).digest('hex').slice(0, 32);
  return `${name.slice(0, LONGEST_NAME - hash.length - 1)}~${hash}`; // ~ is encoded above: no short name looks like this.
}
