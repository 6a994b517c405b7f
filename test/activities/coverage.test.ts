import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { piecesOf } from '../../src/activities/control/coverage.js';
import { createClaimChecks, openFolder } from '../../src/adapters/objects/index.js';
import { DEFAULTS } from '../../src/core/defaults.js';

async function checks() {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-pieces-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return createClaimChecks(openFolder(root));
}

test('raw coverage is given away in pieces that fit, one object after another', async () => {
  const claimChecks = await checks();
  const large = Buffer.alloc(DEFAULTS.coveragePieceBytes + 10, 'l');
  const addresses = [
    await claimChecks.store(['coverage', 'unit', 'r', 'a'], 'small'),
    'coverage/unit/r/missing',
    await claimChecks.store(['coverage', 'unit', 'r', 'b'], large),
    await claimChecks.store(['coverage', 'unit', 'r', 'c'], 'last'),
  ];
  const [small, missing, part, ...none] = await piecesOf(claimChecks, { addresses, offset: 0 });
  expect([small, missing, none]).toEqual([{ text: Buffer.from('small').toString('base64'), isLast: true }, null, []]);
  expect(part?.isLast).toBe(false);
  const offset = Buffer.from(part?.text ?? '', 'base64').length;
  expect(offset).toBe(DEFAULTS.coveragePieceBytes - 'small'.length);
  const [rest, last] = await piecesOf(claimChecks, { addresses: addresses.slice(2), offset });
  expect([Buffer.from(rest?.text ?? '', 'base64').length, rest?.isLast]).toEqual([large.length - offset, true]);
  expect(Buffer.from(last?.text ?? '', 'base64').toString()).toBe('last');
});

test('nothing else of the object store is given away as raw coverage', async () => {
  const claimChecks = await checks();
  const address = await claimChecks.store(['runs', 'unit', 'r', 'report.json'], '{}');
  expect(await piecesOf(claimChecks, { addresses: [address, '../x'], offset: 0 })).toEqual([null, null]);
});
