import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { findOnPath } from '../find-on-path.js';

/** Words before a command, which then runs in a network namespace of its own: with a loopback that is up, and nothing else. */
export type NetworkWords = readonly [string, ...string[]];

/** Where a system has its own programs. What tests have on their PATH is another matter. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin';

/** By an administrator, or by anyone in a user namespace where the user stays who it is, and may set up its network. */
const NAMESPACES = [['--net'], ['--user', '--map-current-user', '--keep-caps', '--net']] as const;

/** SIOCSIFFLAGS with IFF_UP, for machines without iproute2 or net-tools. */
const BY_PERL = `use Socket; socket(my $s, AF_INET, SOCK_DGRAM, 0) or die; ioctl($s, 0x8914, my $r = pack('a16 s x22', 'lo', 1)) or die`;
const BY_PYTHON =
  'import fcntl, socket, struct; fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, struct.pack("16sh22x", b"lo", 1))';
/** Programs that can bring the loopback up; one of them is nearly everywhere. */
const LOOPBACK_UP = [
  ['ip', 'link', 'set', 'lo', 'up'],
  ['ifconfig', 'lo', 'up'],
  ['perl', '-e', BY_PERL],
  ['python3', '-c', BY_PYTHON],
] as const;

/** Brings the loopback up by its first word, a shell command, and becomes the command of the others. */
const IN_NAMESPACE = 'up=$1; shift; eval "$up" && exec "$@"';
/** A user namespace gives all capabilities; with them, tests could read files that are not readable. */
const AS_BEFORE = ['--inh-caps=-all', '--ambient-caps=-all', '--'] as const;

/** Succeeds only where the loopback is up. */
const CONNECTS = `const net = require('node:net');
net.createServer().listen(0, '127.0.0.1', function () {
  net.connect(this.address().port, '127.0.0.1').on('connect', () => process.exit(0));
});`;

/**
 * Creates a function that finds out, once, how processes get a network of their own on this machine, by the programs on this path. It throws
 * NETWORK_SHARED with a sentence that says why they cannot.
 */
export function createOwnNetwork(searchPath = SYSTEM_PATH): () => Promise<NetworkWords> {
  let found: Promise<NetworkWords> | undefined;
  return () => {
    found ??= findWay((name) => findOnPath(searchPath, name));
    return found;
  };
}

type ProgramOf = (name: string) => Promise<string | null>;

async function findWay(programOf: ProgramOf): Promise<NetworkWords> {
  const unshare = await programOf('unshare');
  if (unshare === null) throw impossible('it has no `unshare` of util-linux');
  const loopback = await findLoopback(programOf);
  if (loopback === null) throw impossible(`nothing can bring its loopback up: ${LOOPBACK_UP.map(([name]) => name).join(', ')}`);
  const setpriv = await programOf('setpriv');
  let message = '';
  for (const flags of NAMESPACES) {
    const asBefore = flags.length > 1 && setpriv !== null ? [setpriv, ...AS_BEFORE] : [];
    const words: NetworkWords = [unshare, ...flags, '--', '/bin/sh', '-c', IN_NAMESPACE, 'sh', loopback, ...asBefore];
    const [program, ...rest] = words;
    const { exitCode, stderr } = await execa(program, [...rest, process.execPath, '-e', CONNECTS], {
      reject: false,
      timeout: DEFAULTS.networkProbeMs,
    });
    if (exitCode === 0) return words;
    message = stderr.split('\n')[0] ?? '';
  }
  throw impossible(`its kernel or container does not allow it (${message})`);
}

/** The shell command for the first program that is there. */
async function findLoopback(programOf: ProgramOf): Promise<string | null> {
  for (const [name, ...words] of LOOPBACK_UP) {
    const program = await programOf(name);
    if (program !== null) return [program, ...words].map(quoted).join(' ');
  }
  return null;
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

function impossible(why: string): RunnerError {
  return new RunnerError('NETWORK_SHARED', `This machine cannot give tests a network of their own: ${why}.`);
}
