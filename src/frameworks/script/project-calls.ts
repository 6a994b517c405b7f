import { posix } from 'node:path';
import { glob } from 'tinyglobby';
import type { DetectedFramework, ProjectCall } from '../../core/model/detected.js';
import { FRAMEWORKS, type FrameworkName } from '../../core/model/frameworks.js';
import type { CommandLine, ProjectFiles } from '../framework.js';
import { frameworkOf } from '../registry.js';
import { packagesIn } from './packages.js';
import { commandsOfScript, textOf } from './project-commands.js';
import type { SimpleCommand, Word } from './shell-line.js';
import { withoutOptions } from './split-words.js';

/** The script that is a project's own test command. */
const SCRIPT = 'test';

/** The frameworks that the project's own test script calls, in its order. Empty if it calls none, or cannot be read. */
export async function callsOfScript({ cwd, packageJson }: ProjectFiles): Promise<readonly DetectedFramework[]> {
  const scripts = packageJson?.scripts ?? {};
  const { commands, unread } = await commandsOfScript(SCRIPT, '.', packagesIn(cwd));
  const found = await Promise.all(commands.map((command) => callIn(command, cwd)));
  const others = commands.filter((_, index) => found[index] === null).map(textOf);
  const around = [scripts[`pre${SCRIPT}`] ?? [], scripts[`post${SCRIPT}`] ?? []].flat();
  const calls = found.filter((one) => one !== null);
  return calls.map(({ name, call }, index) => {
    const rest = index === 0 ? { unread, notRun: [...around, ...others] } : { unread: [], notRun: [] };
    return { name, call: { ...call, ...rest } };
  });
}

type Call = { readonly name: FrameworkName; readonly call: Omit<ProjectCall, 'unread' | 'notRun'> };

async function callIn(command: SimpleCommand, root: string): Promise<Call | null> {
  const [program, ...rest] = command.words;
  const name = FRAMEWORKS.find((one) => typeof program === 'string' && frameworkOf(one).commandLine?.programs.includes(program));
  const commandLine = name && frameworkOf(name).commandLine;
  if (name === undefined || commandLine === undefined) return null;
  const words = (await Promise.all(rest.map((word) => expand(word, posix.join(root, command.cwd), commandLine)))).flat();
  const args = commandLine.argsOf === undefined ? words : commandLine.argsOf(words);
  return args === null
    ? null
    : { name, call: callWith(args, command, commandLine, frameworkOf(name).coverage?.isAround === true) };
}

function callWith(
  words: readonly string[],
  { env, cwd, measuredBy }: SimpleCommand,
  commandLine: CommandLine,
  isMeasuredAround: boolean,
): Call['call'] {
  const { kept, removed } = withoutOptions(words, commandLine);
  const call = { place: `scripts.${SCRIPT}`, args: kept, env, cwd };
  if (measuredBy === null) return { ...call, leftOut: removed };
  return isMeasuredAround
    ? { ...call, leftOut: removed, coverageCommand: measuredBy }
    : { ...call, leftOut: [...measuredBy.slice(0, 1), ...removed] };
}

/**
 * What the shell makes of a word: in `sh`, `**` matches one folder like `*`, and a pattern that matches nothing stays as it is. A framework
 * that expands globs itself gets the pattern, so that new files are found; but not where folders match, which it would leave out: named by
 * the shell, they are searched.
 */
async function expand(word: Word, cwd: string, { readsGlobs }: CommandLine): Promise<readonly string[]> {
  if (typeof word === 'string') return [word];
  const pattern = word.glob.replaceAll('**', '*');
  const found = await glob(pattern, { cwd, expandDirectories: false, onlyFiles: false });
  if (found.length === 0) return [word.glob];
  const isOfFiles = found.every((path) => !path.endsWith('/'));
  return readsGlobs && isOfFiles ? [pattern] : found.map((path) => path.replace(/\/$/, '')).sort();
}
