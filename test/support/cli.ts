import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { execa, type Options, type ResultPromise } from 'execa';
import type { main as Main } from '../../src/program.js';

/** The command as it is shipped: `npm test` builds it first. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

type InProcessOptions = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty without. */
  readonly input?: string;
};

export type CliOptions = InProcessOptions & {
  /** Words of a command that becomes ours, such as `ip netns exec NAME`. */
  readonly within?: readonly string[];
};

export type CliEnd = { readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string };

const { main }: { readonly main: typeof Main } = await import(new URL('../../dist/program.js', import.meta.url).href);

/**
 * Runs `holdfast …` to its end in a plain environment: nothing of the CI or the shell that runs these tests is in it. It is the code that is
 * shipped, in a pipe, but in the process of the test: one of its own takes most of a second to start. Where the process matters, because it
 * gets signals, is killed or has a terminal, there is `startCli`.
 */
export async function runCli(args: readonly string[], { cwd, env = {}, input = '' }: InProcessOptions): Promise<CliEnd> {
  const written = { stdout: '', stderr: '' };
  let exitCode = 0;
  const pipe = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const io = {
    stdout: pipe('stdout'),
    stderr: pipe('stderr'),
    stdin: (async function* () {
      yield input;
    })(),
    env: { ...plainEnvironment(), ...env },
    cwd,
    isTTY: false,
    columns: 80,
    now: () => Date.now(),
    random: () => randomBytes(6).toString('hex'),
    onInterrupt: () => () => undefined,
    onTerminate: () => undefined,
    onSignal: () => () => undefined,
    beat: () => undefined,
    setExitCode(code: number) {
      exitCode = code;
    },
  };
  await main(io, [process.execPath, CLI, ...args]);
  return { exitCode, ...written };
}

export type CliProcess = ResultPromise<typeof PIPED>;

/** Starts `holdfast …` in a process group of its own. Awaiting it gives its end, whatever the exit code. */
export function startCli(args: readonly string[], { cwd, env = {}, input = '', within = [] }: CliOptions): CliProcess {
  const [program = process.execPath, ...words] = [...within, process.execPath, CLI, ...args];
  return heard(execa(program, words, { ...PIPED, cwd, env: { ...plainEnvironment(), ...env }, input }));
}

const said = new WeakMap<CliProcess, readonly string[]>();

/** The same command; what it writes is kept for `saidBy`, from the start. */
export function heard(command: CliProcess): CliProcess {
  const texts: string[] = [];
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (text) => texts.push(String(text)));
  said.set(command, texts);
  return command;
}

/** All that a command has written so far, on either stream. */
export function saidBy(command: CliProcess): string {
  const texts = said.get(command);
  if (texts === undefined) throw new Error('Nobody has listened to this command from its start: see heard().');
  return texts.join('');
}

/** Streams as pipes, ends as values. */
export const PIPED = { extendEnv: false, reject: false, stripFinalNewline: false, forceKillAfterDelay: false } satisfies Options;

/** What a person's shell would have, and nothing that changes what Holdfast does. */
export function plainEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'HOLDFAST_TEMPORAL_CLI', 'HOLDFAST_WARM'];
  const passed = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(passed), LANG: 'C.UTF-8' };
}
