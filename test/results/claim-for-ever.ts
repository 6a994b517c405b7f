/** A process that claims a folder again and again: says so each time, and releases it when it is told to. */
import { once } from 'node:events';
import { claimFolder } from '../../src/adapters/results/claim-folder.js';
import { hasCode } from '../../src/core/errors.js';

const [folder = ''] = process.argv.slice(2);
for (;;) {
  const release = await claimFolder(folder).catch((error: unknown) => {
    if (!hasCode(error, 'STACK_BUSY')) throw error;
  });
  if (release === undefined) continue;
  const told = once(process, 'message');
  process.send?.('claimed');
  await told;
  await release();
}
