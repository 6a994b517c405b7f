import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { until } from '../support/until.js';

export type Order = {
  readonly env?: Readonly<Record<string, string>>;
  /** `uid:gid`; root without. */
  readonly user?: string;
  readonly cwd?: string;
};

/** Something that was started. Its `end` gives exit code and output, whatever they are. */
export type Running = { readonly end: ResultPromise<{ reject: false; all: true; extendEnv: false }> };

/** The files of this machine, where all that is written is forgotten, with a network that is nothing but its own loopback. */
export type Machine = {
  /** Starts a command in it. */
  start(command: readonly string[], order?: Order): Running;
  /** Ends every process in it at once. */
  stop(): Promise<void>;
};

/** What a container engine would do for the whole file at once: an overlay of the root, mounts on it, names, one network. Paths to paths. */
const SET_UP = `
set -eu
mount -t tmpfs tmpfs "$LAYERS"
mkdir "$LAYERS/upper" "$LAYERS/work" "$LAYERS/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$LAYERS/upper,workdir=$LAYERS/work" "$LAYERS/root"
mount -t proc proc "$LAYERS/root/proc"
mount --rbind /dev "$LAYERS/root/dev"
ip link set lo up
echo "127.0.0.1 localhost $(hostname) $NAMES" >"$LAYERS/root/etc/hosts"
printf '%s\\n' "$MOUNTS" | while IFS='>' read -r from to; do
  if [ -d "$from" ]; then mkdir -p "$LAYERS/root$to"; else mkdir -p "$LAYERS/root\${to%/*}"; touch "$LAYERS/root$to"; fi
  mount --bind "$from" "$LAYERS/root$to"
done
exec chroot "$LAYERS/root" sh -c 'echo ready; exec sleep infinity'
`;

/** Starts one. Needs root, Linux and overlay file systems. `mounts`: what of here stands where in there. */
export async function startMachine({
  names,
  mounts,
}: {
  readonly names: readonly string[];
  readonly mounts: Readonly<Record<string, string>>;
}): Promise<Machine> {
  const layers = await mkdtemp(join(tmpdir(), 'holdfast-machine-'));
  const holder = execa(
    'unshare',
    ['--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'private', 'sh', '-c', SET_UP],
    {
      env: {
        LAYERS: layers,
        NAMES: names.join(' '),
        MOUNTS: Object.entries(mounts)
          .map(([from, to]) => `${from}>${to}`)
          .join('\n'),
      },
      reject: false,
      all: true,
    },
  );
  let said = '';
  holder.all.on('data', (text) => {
    said += String(text);
  });
  let hasEnded = false;
  void holder.then(() => {
    hasEnded = true;
  });
  await until('the machine is set up', () => {
    if (hasEnded) throw new Error(`The machine could not be set up: ${said}`);
    return said.includes('ready');
  });
  const first = (await readFile(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8')).trim();
  return {
    start: (command, { env = {}, user = '0:0', cwd = '/' } = {}) => {
      const [uid = '0', gid = '0'] = user.split(':');
      const enter = ['--target', first, '--mount', '--net', '--pid', '--root', `--wdns=${cwd}`];
      const drop = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
      return {
        end: execa('nsenter', [...enter, '--', ...drop, ...command], {
          env: { PATH: process.env.PATH, HOME: '/tmp', LANG: 'C.UTF-8', ...env },
          extendEnv: false,
          reject: false,
          all: true,
        }),
      };
    },
    async stop() {
      holder.kill('SIGKILL');
      await holder;
      await rm(layers, { recursive: true, force: true });
    },
  };
}
