// A reporter for `node --test` that writes its events as lines of JSON for Holdfast.

import { existsSync, readFileSync } from 'node:fs';
import { endLine, lineOf } from './events.cjs';

/** Characters of stderr to keep: the reason why a file could not be loaded appears nowhere else. */
const STDERR_CHARACTERS = 16_384;

/** @import { TestEvent } from 'node:test/reporters' */
/** @import { FileEnd } from './events.cjs' */

/** @param {AsyncIterable<TestEvent>} source */
export default async function* report(source) {
  let stderr = '';
  for await (const event of source) {
    const line = lineOf(event);
    if (event.type === 'test:stderr') stderr = (stderr + event.data.message).slice(-STDERR_CHARACTERS);
    else if (line !== null) yield line;
  }
  const marker = process.env.HOLDFAST_NODE_TEST_ENDED;
  /** @type {FileEnd} */
  const end = marker !== undefined && existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : { loaded: null };
  yield endLine({ ...end, stderr });
}
