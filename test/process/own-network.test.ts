import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { createOwnNetwork, type NetworkWords } from '../../src/adapters/process/own-network.js';

/** A folder with these programs only: a text is a script, a path a link to that program. */
async function folderWith(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-programs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(programs)) {
    if (text.startsWith('/')) await symlink(text, join(folder, name));
    else await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}
const where = async (name: string) => (await execa('sh', ['-c', `command -v ${name}`])).stdout;
const inside = ([program, ...words]: NetworkWords, ...command: readonly string[]) => execa(program, [...words, ...command]);
const rightsIn = (status: string) => status.split('\n').filter((line) => /^(Uid|Gid|Cap\w+):/.test(line));

test('a process has a loopback of its own, nothing else, and the rights that it would have', async () => {
  const words = await createOwnNetwork()();
  const { stdout: devices } = await inside(words, 'cat', '/proc/self/net/dev');
  expect(
    devices
      .split('\n')
      .slice(2)
      .map((line) => line.split(':')[0]?.trim()),
  ).toEqual(['lo']);
  const { stdout: status } = await inside(words, 'cat', '/proc/self/status');
  expect(rightsIn(status)).toEqual(rightsIn(await readFile('/proc/self/status', 'utf8')));
});

test('any of several programs brings the loopback up', async () => {
  const unshare = await where('unshare');
  for (const name of ['perl', 'python3']) {
    const program = (await execa('sh', ['-c', `command -v ${name} || true`])).stdout;
    if (program === '') continue; // Not on this machine.
    const words = await createOwnNetwork(await folderWith({ unshare, [name]: program }))();
    expect(words.join(' ')).toContain(name);
  }
});

test.each([
  ['no unshare', {}, 'it has no `unshare` of util-linux.'],
  ['nothing for the loopback', { unshare: 'exit 0' }, 'nothing can bring its loopback up: ip, ifconfig, perl, python3.'],
  [
    'a kernel that does not allow it',
    { ip: 'exit 0', unshare: 'echo "unshare: unshare failed: Operation not permitted" >&2; exit 1' },
    'its kernel or container does not allow it (unshare: unshare failed: Operation not permitted).',
  ],
] as const)('where it is impossible, one sentence says why: %s', async (_, programs, why) => {
  const ownNetwork = createOwnNetwork(await folderWith(programs));
  await expect(ownNetwork()).rejects.toMatchObject({
    code: 'NETWORK_SHARED',
    what: `This machine cannot give tests a network of their own: ${why}`,
  });
});
