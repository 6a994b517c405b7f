import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { fullDiskReason } from '../../src/adapters/process/disk.js';

test('a disk with room is no reason', async () => {
  expect(await fullDiskReason(tmpdir())).toBeNull();
});

test('a file system without a free block is full', async () => {
  expect(await fullDiskReason('/proc')).toBe('The disk of /proc is full: 0 MiB are left.');
});

test('a folder that is not there says nothing of the disk', async () => {
  expect(await fullDiskReason('/nowhere/at/all')).toBeNull();
});
