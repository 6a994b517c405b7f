import type { Client } from '@temporalio/client';
import { openObjects } from '../adapters/objects/index.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { Queues } from '../core/model/suite.js';
import { ask } from './lookup.js';

type Connection = { readonly client: Client; readonly queues: Queues };

/** Most addresses in one question: some hundred bytes each. */
const MOST_ADDRESSES = 500;

/**
 * What is at these addresses of the object store, in their order; null for what is not there. It is read here, or else through a control
 * worker. Throws COVERAGE_TOO_LARGE if that is too much for a server, and what `ask` throws.
 */
export async function* readRawCoverage(
  objects: string,
  connection: Connection,
  addresses: readonly string[],
): AsyncGenerator<Uint8Array | null> {
  const store = openObjects(objects);
  for (const [index, address] of addresses.entries()) {
    const here = await store.get(address);
    if (here === null) return yield* throughServer(connection, addresses.slice(index));
    yield here;
  }
}

async function* throughServer({ client, queues }: Connection, addresses: readonly string[]): AsyncGenerator<Uint8Array | null> {
  let left = addresses;
  let begun: Buffer[] = []; // Of the first that is left.
  let totalBytes = 0;
  while (left.length > 0) {
    const wanted = left.slice(0, MOST_ADDRESSES);
    const { pieces } = await ask(client, queues, { kind: 'rawCoverage', addresses: wanted, offset: sizeOf(begun) });
    if (pieces.length === 0) throw new Error('A control worker answered without a piece of raw coverage.');
    for (const piece of pieces) {
      const bytes = Buffer.from(piece?.text ?? '', 'base64');
      totalBytes += bytes.length;
      if (totalBytes > DEFAULTS.coverageThroughServerBytes) throw tooLarge();
      begun.push(bytes);
      if (piece?.isLast === false) break;
      yield piece === null ? null : Buffer.concat(begun);
      left = left.slice(1);
      begun = [];
    }
  }
}

const sizeOf = (parts: readonly Buffer[]) => parts.reduce((sum, { length }) => sum + length, 0);

function tooLarge(): RunnerError {
  const mib = DEFAULTS.coverageThroughServerBytes / 1024 ** 2;
  return new RunnerError('COVERAGE_TOO_LARGE', `The raw coverage of the run takes more than ${mib} MiB.`);
}
