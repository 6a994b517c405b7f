// A reporter for `node --test`: its events as lines of JSON, for Holdfast to read.

import { existsSync, readFileSync } from 'node:fs';

const REPORTED = new Set(['test:enqueue', 'test:start', 'test:complete', 'test:pass', 'test:fail']);
/** Characters of standard error kept: why a file could not be loaded is told nowhere else. */
const STDERR_CHARACTERS = 16_384;

export default async function* report(source) {
  let stderr = '';
  for await (const { type, data } of source) {
    if (type === 'test:stderr') stderr = (stderr + data.message).slice(-STDERR_CHARACTERS);
    else if (REPORTED.has(type)) yield line(type.slice('test:'.length), data);
  }
  const marker = process.env.HOLDFAST_NODE_TEST_ENDED;
  const loaded = existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : null;
  yield `${JSON.stringify({ type: 'end', loaded, stderr })}\n`;
}

function line(type, { name, nesting, file, line, column, skip, todo, details }) {
  const error = details?.error;
  const event = {
    type,
    name,
    nesting,
    place: `${file}:${line}:${column}`,
    isFile: name === file || (nesting === 0 && line === 1 && column === 1 && file?.endsWith(name)),
    isSuite: details?.type === 'suite',
    durationMs: details?.duration_ms ?? 0,
    skip,
    todo,
    error: error && describe(error),
  };
  return `${JSON.stringify(event)}\n`;
}

/** node wraps what a test threw; what people want to see is inside. */
function describe(error) {
  const { cause } = error;
  const inner = cause instanceof Error || (typeof cause === 'object' && cause !== null) ? cause : error;
  return {
    message: String(inner.message ?? error.message),
    stack: String(inner.stack ?? ''),
    failureType: error.failureType,
    exitCode: error.exitCode,
    signal: error.signal,
  };
}
