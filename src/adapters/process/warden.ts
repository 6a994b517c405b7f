/**
 * The warden's program: a small companion of one parent process. It learns over its standard input which process groups
 * the parent answers for (`+4711` guards, `-4711` releases, one a line). When that pipe closes, however the parent ended,
 * it kills every group still guarded and leaves. A parent that was SIGKILLed can kill nothing; its warden can.
 */
import { createInterface } from 'node:readline';
import { killGroup } from './kill-group.js';

const guarded = new Set<number>();
// A signal meant for the parent's group must not end the warden before it has done its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const group = Number(line.slice(1));
    if (!Number.isInteger(group) || group <= 1) return;
    if (line.startsWith('+')) guarded.add(group);
    else guarded.delete(group);
  })
  .on('close', () => {
    for (const group of guarded) killGroup(group, 'SIGKILL');
    process.exit(0);
  });
