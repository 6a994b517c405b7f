import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { parseRetryLimit } from '../core/schedule/retry.js';

// Each message names the expected value, to follow "must be": problems.ts and resolve-options.ts make the sentence.

export const count = (least: number, most: number = DEFAULTS.largestCount) => {
  const wanted = `a whole number from ${least} to ${most}`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};

export const milliseconds = (least: number, most: number = DEFAULTS.longestMs) => {
  const wanted = `a whole number of milliseconds from ${least} to ${most}`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};

export const text = z.string('a string').min(1, 'a string that is not empty');
export const texts = z.array(text, 'a list of strings');
export const globs = z.array(text, 'a list of globs');
export const flag = z.boolean('true or false');

export const choice = <const W extends readonly string[]>(words: W) => z.enum(words, `one of ${words.join(', ')}`);

/** The message of keys that hold the words of a command line. */
export const LIST_OF_WORDS = 'a list of words';
export const words = z.array(z.string('a string'), LIST_OF_WORDS);
export const commandLine = (example: string) => {
  const wanted = `${LIST_OF_WORDS}, such as ${example}`;
  return z.array(z.string('a string'), wanted).min(1, wanted);
};

export const patterns = z.array(text.refine(isPattern, 'a regular expression'), 'a list of regular expressions');

/** Names that are safe in ids, URLs and file names. */
export const safeName = (wanted: string) => z.string(wanted).regex(/^[A-Za-z0-9_][\w.-]{0,99}$/, wanted);

/** An HTTP or HTTPS URL. */
export const httpAddress = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' });

const RETRY_LIMIT = 'a whole number, or a share of the files such as "5%"';
/** A limit of retries, such as `15` or `"5%"`. */
export const retryLimit = z
  .union([count(0), z.string(RETRY_LIMIT)], RETRY_LIMIT)
  .refine((value) => parseRetryLimit(String(value)) !== null, RETRY_LIMIT);

/** Amounts of named resources. */
export const amounts = z.record(safeName('a name of letters, digits, -, _ and .'), count(1), 'an object of numbers by name');

function isPattern(word: string): boolean {
  try {
    return new RegExp(word, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}
