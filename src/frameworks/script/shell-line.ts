import { posix } from 'node:path';
import { parse } from 'shell-quote';

/** A word of a command; `glob` for one that the shell expands to the paths it matches. */
export type Word = string | { readonly glob: string };

/** A command without pipes or control structures. */
export type SimpleCommand = {
  /** Variables set for this command only. */
  readonly env: Readonly<Record<string, string>>;
  /** The program and its arguments. */
  readonly words: readonly Word[];
  /** The folder it runs in, relative to the project. */
  readonly cwd: string;
  /** The program that measures its coverage, with its options, such as `c8 --all`; null for none. */
  readonly measuredBy: readonly string[] | null;
};

/** A line of shell, as far as it consists of simple commands. */
export type ShellLine = {
  readonly commands: readonly SimpleCommand[];
  /** Parts with substitutions or control structures, which only a shell can read, or in a folder outside of the project. */
  readonly unread: readonly string[];
};

const SEPARATORS = new Set(['&&', '||', ';', '|', '&', '|&']);
const REDIRECTIONS = new Set(['>', '>>', '<', '>&', '<&', '<<<']);
const KEYWORDS = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  '{',
  '}',
  '!',
  '[',
  '[[',
]);

type Entry = string | { readonly op: string; readonly pattern?: string } | { readonly comment: string };

/** Reads a line of POSIX shell, such as a script of package.json, that runs in a folder of the project. Runs nothing. */
export function readShellLine(line: string, folder = '.'): ShellLine {
  const entries: readonly Entry[] = parse(line, (name) => ({ op: `$${name}` })) as Entry[]; // Its types know only its own operators.
  const commands: SimpleCommand[] = [];
  const unread: string[] = [];
  let cwd: string | null = folder; // null: outside of the project.
  const outside: (string | null)[] = []; // Folders to return to at the end of `( … )`.
  for (const group of splitAtSeparators(entries)) {
    const part = group.filter((entry, index) => !isOperator(entry, '(') || index > 0);
    if (part.length < group.length) outside.push(cwd);
    const closes = outside.length > 0 && isOperator(part.at(-1), ')');
    if (closes) part.pop();
    const command = simpleCommand(part, cwd ?? '.');
    if (command === null || cwd === null) unread.push(part.map(textOf).join(' ').replaceAll('$ ( ', '$(').replaceAll(' )', ')'));
    else if (command.words[0] === 'cd' && typeof command.words[1] === 'string') cwd = folderIn(cwd, command.words[1]);
    else if (command.words.length > 0) commands.push(command);
    if (closes) cwd = outside.pop() ?? null;
  }
  return { commands, unread };
}

const isOperator = (entry: Entry | undefined, op: string) => typeof entry === 'object' && 'op' in entry && entry.op === op;

function splitAtSeparators(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [[]];
  for (const entry of entries) {
    if (typeof entry === 'object' && 'op' in entry && SEPARATORS.has(entry.op)) parts.push([]);
    else if (typeof entry !== 'object' || !('comment' in entry)) parts.at(-1)?.push(entry);
  }
  return parts.filter((part) => part.length > 0);
}

/** null if only a shell can read it. */
function simpleCommand(entries: readonly Entry[], cwd: string): SimpleCommand | null {
  const words: Word[] = [];
  const env: Record<string, string> = {};
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index];
    if (typeof entry === 'string') {
      const assignment = words.length === 0 ? /^([A-Za-z_]\w*)=(.*)$/s.exec(entry) : null;
      if (assignment) env[assignment[1] ?? ''] = assignment[2] ?? '';
      else words.push(entry);
    } else if (entry !== undefined && 'op' in entry && entry.op === 'glob' && entry.pattern !== undefined)
      words.push({ glob: entry.pattern });
    else if (entry !== undefined && 'op' in entry && REDIRECTIONS.has(entry.op)) {
      if (/^\d$/.test(String(words.at(-1)))) words.pop(); // The 2 of `2>`.
      index += 1;
    } else return null;
  }
  const [program] = words;
  const isReadable = words.every((word) => typeof word !== 'string' || !word.includes('`'));
  return isReadable && (typeof program !== 'string' || !KEYWORDS.has(program)) ? { env, words, cwd, measuredBy: null } : null;
}

function textOf(entry: Entry): string {
  if (typeof entry === 'string') return entry;
  if ('comment' in entry) return '';
  return entry.pattern ?? entry.op;
}

/** null for a folder outside of the project. */
function folderIn(cwd: string, folder: string): string | null {
  const path = posix.join(cwd, folder).replace(/\/$/, '');
  return posix.isAbsolute(folder) || path.split('/')[0] === '..' ? null : path;
}
