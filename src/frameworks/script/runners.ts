import { readShellLine, type Word } from './shell-line.js';

/** A command with the variables that its runner sets for it. */
type Inner = { readonly words: readonly Word[]; readonly env?: Readonly<Record<string, string>> };
/** The command that a program runs; null if it runs none. */
type Runner = (words: readonly Word[]) => Inner | null;

/** Words after the options of a program. `valued`: options whose value is the next word. */
function afterOptions(words: readonly Word[], valued: readonly string[]): readonly Word[] {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === '--') return words.slice(index + 1);
    if (typeof word !== 'string' || !word.startsWith('-')) return words.slice(index);
    if (valued.includes(word)) index += 1;
  }
  return [];
}

const after =
  (...valued: readonly string[]): Runner =>
  (words) => ({ words: afterOptions(words, valued) });

const withVariables: Runner = (words) => {
  const first = words.findIndex((word) => typeof word !== 'string' || !/^[A-Za-z_]\w*=/.test(word));
  const assignments = (first < 0 ? words : words.slice(0, first)).filter((word) => typeof word === 'string');
  const env = Object.fromEntries(
    assignments.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  return { words: first < 0 ? [] : words.slice(first), env };
};

const COVERAGE = [
  '-r',
  '--reporter',
  '-n',
  '--include',
  '-x',
  '--exclude',
  '-o',
  '--reports-dir',
  '--report-dir',
  '--temp-directory',
  '-t',
  '--temp-dir',
  '--src',
  '-e',
  '--extension',
  '--lines',
  '--branches',
  '--functions',
  '--statements',
  '--cwd',
  '--nycrc-path',
  '-c',
  '--config',
  '-i',
  '--require',
];

const packageRunner: Runner = (words) => {
  const [verb, ...rest] = withoutFlags(words);
  if (verb === 'run') return null; // A script, not a program.
  return verb === 'exec' || verb === 'dlx' || verb === 'x' ? { words: afterOptions(rest, []) } : { words: withoutFlags(words) };
};

/** Runners that do more than prepare the environment of the command. */
export const MEASURES_COVERAGE: ReadonlySet<string> = new Set(['c8', 'nyc']);

/** Options of Node's own whose value is the next word. */
export const NODE_VALUED = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--env-file',
  '--env-file-if-exists',
  '--stack-size',
  '--disable-warning',
  '--unhandled-rejections',
  '--dns-result-order',
];

/** `tsx FLAGS SCRIPT` and `tsx --test`. With `--tsconfig` its loader would need more than an import; `tsx watch` does not end. */
const tsx: Runner = (words) => {
  if (words.includes('--tsconfig') || words[0] === 'watch') return null;
  const isTest = words.includes('--test');
  const node = `node${isTest ? ' --enable-source-maps' : ''} --import tsx`.split(' ');
  const all =
    isTest && afterOptions(words, NODE_VALUED).length === 0 ? ['**/{test,test/**/*,test-*,*[.-_]test}.?(c|m)@(t|j)s'] : [];
  return { words: [...node, ...words, ...all] };
};

/** `glob -c "COMMAND" PATTERN …`, of the package glob: the command gets the matches as further words. */
const glob: Runner = (words) => {
  const at = words.findIndex((word) => word === '-c' || word === '--cmd');
  const line = words[at + 1];
  if (at < 0 || typeof line !== 'string') return null;
  const { commands, unread } = readShellLine(line);
  const [command] = commands;
  if (commands.length !== 1 || command === undefined || unread.length > 0) return null;
  const patterns = words.filter((word, index) => index > at + 1 || (index < at && !String(word).startsWith('-')));
  return { words: [...command.words, ...patterns], env: command.env };
};

const RUNNERS: Readonly<Record<string, Runner>> = {
  'cross-env': withVariables,
  'cross-env-shell': withVariables,
  env: withVariables,
  dotenv: after('-e', '-c', '-v', '-p', '-f'),
  'dotenv-cli': after('-e', '-c', '-v', '-p', '-f'),
  tsx,
  glob,
  c8: after(...COVERAGE),
  nyc: after(...COVERAGE),
  npx: after('-p', '--package'),
  bunx: after(),
  pnpx: after(),
  npm: (words) => (words[0] === 'exec' || words[0] === 'x' ? { words: afterOptions(words.slice(1), ['-p', '--package']) } : null),
  pnpm: packageRunner,
  yarn: packageRunner,
};

/** `node FLAGS SCRIPT …`: the flags become NODE_OPTIONS. null if node is what runs, as in `node --test`. */
function nodeScript(words: readonly Word[]): Inner | null {
  const rest = afterOptions(words, NODE_VALUED);
  const flags = words.slice(0, words.length - rest.length).filter((word) => typeof word === 'string');
  if (rest.length === 0 || flags.some((flag) => /^--test(=|$)/.test(flag))) return null;
  return { words: rest, ...(flags.length > 0 && { env: { NODE_OPTIONS: flags.join(' ') } }) };
}

/** The command that a program runs with these words, such as `mocha` for `cross-env A=1 mocha`; null if it runs none. */
export function commandRunBy(program: string, words: readonly Word[]): Inner | null {
  const runner = /^node(js)?$/.test(program) ? nodeScript : RUNNERS[program];
  return runner?.(words) ?? null;
}

/** Words from the first one on that is no option. */
export function withoutFlags(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex((word) => typeof word !== 'string' || !word.startsWith('-'));
  return first < 0 ? [] : words.slice(first);
}
