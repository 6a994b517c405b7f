import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** proc(5): the state of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/**
 * What listens on a TCP port of this machine: the test file whose process it is, by its variable, or else the name of the program.
 * undefined if that is unknown, as without /proc or for a process of another user.
 */
export async function holderOfPort(port: number): Promise<string | undefined> {
  const inodes = new Set((await Promise.all(['tcp', 'tcp6'].map((table) => listenersIn(table, port)))).flat());
  if (inodes.size === 0) return undefined;
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await hasSocket(pid, sockets)) return fileOrProgram(pid);
  }
  return undefined;
}

/** Inodes of the listening sockets with this port. A row: `sl local_address rem_address st … inode`, the port in hexadecimal. */
async function listenersIn(table: string, port: number): Promise<string[]> {
  const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING && Number.parseInt(local.split(':')[1] ?? '', 16) === port && inode ? [inode] : [];
  });
}

async function hasSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []); // Just ended, or owned by another user.
  const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return links.some((link) => sockets.has(link));
}

async function fileOrProgram(pid: string): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  const file = `\0${environment}`.split('\0HOLDFAST_FILE=')[1]?.split('\0')[0];
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return file ?? (words[0] ? path.basename(words[0]) : undefined);
}
