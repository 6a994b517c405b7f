import type { Packages } from './packages.js';
import { commandRunBy, MEASURES_COVERAGE } from './runners.js';
import { type ScriptCall, scriptsCalled } from './script-calls.js';
import { readShellLine, type ShellLine, type SimpleCommand } from './shell-line.js';

/** The commands that a script comes down to, without the programs that only prepare the environment of another one. */
export type ProjectCommands = ShellLine;

/** Scripts may call each other in a circle. */
const DEEPEST = 10;

/**
 * What a script of package.json runs in the end: scripts that it calls, in this package or in others, are followed, and programs that run
 * another one (cross-env, dotenv, c8, nyc, npx, node) are replaced by that one. Runs nothing.
 */
export async function commandsOfScript(name: string, folder: string, packages: Packages, depth = 0): Promise<ProjectCommands> {
  const line = (await packages.in(folder))?.scripts[name];
  if (line === undefined || depth > DEEPEST) return { commands: [], unread: [] };
  const { commands, unread } = readShellLine(line, folder);
  const followed = await Promise.all(commands.map((command) => follow(command, packages, depth)));
  return join([{ commands: [], unread }, ...followed]);
}

async function follow(command: SimpleCommand, packages: Packages, depth: number): Promise<ProjectCommands> {
  const [program, ...rest] = command.words;
  const name = typeof program === 'string' ? programOf(program) : '';
  const called = await scriptsCalled(name, rest, command.cwd, packages);
  if (called?.length === 0) return { commands: [], unread: [textOf(command)] };
  if (called !== null) return join(await Promise.all(called.map((script) => callScript(script, command, packages, depth))));
  const inner = commandRunBy(name, rest);
  if (inner === null || inner.words.length === 0)
    return { commands: [{ ...command, words: [name === '' ? (program ?? '') : name, ...rest] }], unread: [] };
  const options = rest.slice(0, rest.length - inner.words.length).filter((word) => typeof word === 'string');
  const measuredBy = MEASURES_COVERAGE.has(name) ? [name, ...options] : command.measuredBy;
  return follow({ ...command, words: inner.words, env: mergedEnv(command.env, inner.env ?? {}), measuredBy }, packages, depth);
}

/** Later variables win; options of node add up. */
function mergedEnv(first: SimpleCommand['env'], second: SimpleCommand['env']): SimpleCommand['env'] {
  const options = [first.NODE_OPTIONS, second.NODE_OPTIONS].filter((text) => text !== undefined).join(' ');
  return { ...first, ...second, ...(options !== '' && { NODE_OPTIONS: options }) };
}

/** The commands of a script, with the environment of its caller, and further words behind its last command, as npm appends them. */
async function callScript(
  { script, folder, words }: ScriptCall,
  caller: SimpleCommand,
  packages: Packages,
  depth: number,
): Promise<ProjectCommands> {
  const { commands, unread } = await commandsOfScript(script, folder, packages, depth + 1);
  const last = commands.length - 1;
  return {
    commands: commands.map((command, index) => ({
      ...command,
      words: index === last ? [...command.words, ...words] : command.words,
      env: mergedEnv(caller.env, command.env),
      measuredBy: command.measuredBy ?? caller.measuredBy,
    })),
    unread,
  };
}

const join = (parts: readonly ProjectCommands[]): ProjectCommands => ({
  commands: parts.flatMap(({ commands }) => commands),
  unread: parts.flatMap(({ unread }) => unread),
});

/** `./node_modules/.bin/_mocha` → `mocha`. */
function programOf(word: string): string {
  const name = word.split('/').at(-1) ?? word;
  return name.replace(/^_/, '').replace(/\.[cm]?js$/, '');
}

export const textOf = ({ words }: Pick<SimpleCommand, 'words'>): string =>
  words.map((word) => (typeof word === 'string' ? word : word.glob)).join(' ');
