import { commandRunBy, MEASURES_COVERAGE, withoutFlags } from './runners.js';
import { readShellLine, type ShellLine, type SimpleCommand, type Word } from './shell-line.js';

/** The commands that a script comes down to, without the programs that only prepare the environment of another one. */
export type ProjectCommands = ShellLine;

type Scripts = Readonly<Record<string, string>>;

/** Scripts may call each other in a circle. */
const DEEPEST = 10;

/**
 * What a script of package.json runs in the end: scripts that it calls (npm, pnpm, yarn, bun, npm-run-all) are followed, and programs that run
 * another one (cross-env, dotenv, c8, nyc, npx, node) are replaced by that one. Runs nothing.
 */
export function commandsOfScript(name: string, scripts: Scripts, depth = 0): ProjectCommands {
  const line = scripts[name];
  if (line === undefined || depth > DEEPEST) return { commands: [], unread: [] };
  const { commands, unread } = readShellLine(line);
  const followed = commands.map((command) => follow(command, scripts, depth));
  return {
    commands: followed.flatMap((one) => one.commands),
    unread: [...unread, ...followed.flatMap((one) => one.unread)],
  };
}

function follow(command: SimpleCommand, scripts: Scripts, depth: number): ProjectCommands {
  const [program, ...rest] = command.words;
  const name = typeof program === 'string' ? programOf(program) : '';
  const called = scriptsCalled(name, rest, scripts);
  if (called !== null) return join(called.names.map((script) => callScript(script, called.words, command, scripts, depth)));
  const inner = commandRunBy(name, rest);
  if (inner === null || inner.words.length === 0)
    return { commands: [{ ...command, words: [name === '' ? (program ?? '') : name, ...rest] }], unread: [] };
  const runners = MEASURES_COVERAGE.has(name) ? [...command.runners, name] : command.runners;
  return follow({ ...command, words: inner.words, env: mergedEnv(command.env, inner.env ?? {}), runners }, scripts, depth);
}

/** Later variables win; options of node add up. */
function mergedEnv(first: SimpleCommand['env'], second: SimpleCommand['env']): SimpleCommand['env'] {
  const options = [first.NODE_OPTIONS, second.NODE_OPTIONS].filter((text) => text !== undefined).join(' ');
  return { ...first, ...second, ...(options !== '' && { NODE_OPTIONS: options }) };
}

/** The commands of a script, with the environment of its caller, and further words behind its last command, as npm appends them. */
function callScript(
  script: string,
  words: readonly Word[],
  caller: SimpleCommand,
  scripts: Scripts,
  depth: number,
): ProjectCommands {
  const { commands, unread } = commandsOfScript(script, scripts, depth + 1);
  const last = commands.length - 1;
  return {
    commands: commands.map((command, index) => ({
      words: index === last ? [...command.words, ...words] : command.words,
      env: mergedEnv(caller.env, command.env),
      cwd: command.cwd === '.' ? caller.cwd : command.cwd,
      runners: [...caller.runners, ...command.runners],
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

type Called = { readonly names: readonly string[]; readonly words: readonly Word[] };

/** Which scripts a package manager is asked for; null if the command calls none. */
function scriptsCalled(program: string, words: readonly Word[], scripts: Scripts): Called | null {
  switch (program) {
    case 'npm': {
      const [verb, ...rest] = withoutFlags(words);
      if (verb === 'test' || verb === 't' || verb === 'tst') return { names: ['test'], words: afterDashes(rest) };
      if (verb !== 'run' && verb !== 'run-script') return null;
      const [script, ...more] = withoutFlags(rest);
      return typeof script === 'string' && script in scripts ? { names: [script], words: afterDashes(more) } : null;
    }
    case 'pnpm':
    case 'yarn':
    case 'bun': {
      const own = withoutFlags(words);
      const [script, ...more] = own[0] === 'run' ? withoutFlags(own.slice(1)) : own;
      return typeof script === 'string' && script in scripts
        ? { names: [script], words: more.filter((word) => word !== '--') }
        : null;
    }
    case 'npm-run-all':
    case 'npm-run-all2':
    case 'run-s':
    case 'run-p':
      return {
        names: words.flatMap((word) => scriptsMatching(typeof word === 'string' ? word : word.glob, scripts)),
        words: [],
      };
    default:
      return null;
  }
}

/** npm-run-all: `test:*` matches `test:unit`, `test:**` also `test:unit:fast`. */
function scriptsMatching(pattern: string, scripts: Scripts): readonly string[] {
  const [name = '', ...words] = pattern.split(' ');
  if (!name.includes('*')) return name in scripts && words.length === 0 ? [name] : [];
  const source = name
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**', '.+')
    .replaceAll(/(?<!\.)\*/g, '[^:]+');
  return Object.keys(scripts).filter((script) => new RegExp(`^${source}$`).test(script));
}

/** npm takes the words before `--` for itself. */
function afterDashes(words: readonly Word[]): readonly Word[] {
  const dashes = words.indexOf('--');
  return dashes < 0 ? words.filter((word) => typeof word !== 'string' || !word.startsWith('-')) : words.slice(dashes + 1);
}
