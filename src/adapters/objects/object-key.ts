import { createHash } from 'node:crypto';

/** File systems limit a name to 255 bytes; this leaves a margin. */
const LONGEST_NAME = 200;

/**
 * Builds an object key from parts. A part may be any text: a test path with slashes, quotes or newlines becomes one folder name. Different
 * parts give different keys; a name that is too long is cut and ends in its hash.
 */
export function objectKey(...parts: readonly string[]): string {
  return parts.map(nameOf).join('/');
}

function nameOf(part: string): string {
  const name = Buffer.from(part)
    .toString('latin1')
    .replace(/[^A-Za-z0-9._-]|^\./g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  if (name === '') return '%'; // No other text encodes to a lone %.
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(part).digest('hex').slice(0, 32);
  return `${name.slice(0, LONGEST_NAME - hash.length - 1)}~${hash}`; // ~ is always encoded, so no short name collides with this.
}
