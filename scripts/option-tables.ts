// Tables of options in docs/configuration.md, made of their declarations in src/config.
import type { Option } from '../src/config/option.js';
import { ruleSchema } from '../src/config/rule-schema.js';
import { RUN_OPTIONS } from '../src/config/run-options.js';
import { configSchema } from '../src/config/schema.js';
import { SUITE_OPTIONS } from '../src/config/suite-options.js';
import { WORKER_OPTIONS } from '../src/config/worker-options.js';
import { table } from './markdown.js';

type Named = readonly [name: string, option: Option<unknown>];

const suite: readonly Named[] = Object.entries(SUITE_OPTIONS);
const run: readonly Named[] = Object.entries(RUN_OPTIONS);
const worker: readonly Named[] = Object.entries(WORKER_OPTIONS);

/** By the names that the page gives them. */
export function optionTables(): Readonly<Record<string, string>> {
  return {
    'suite-keys': table(
      ['key', 'default', ''],
      suite.map(([name, option]) => [code(name), defaultOf(option), aboutOf(option)]),
    ),
    'other-keys': table(
      ['key', 'default', ''],
      [
        ...[...run, ...worker].flatMap(([name, option]) =>
          option.key === null ? [] : [[code(option.key ?? name), defaultOf(option), aboutOf(option)]],
        ),
        [code('resources'), 'none', `${descriptionOf(configSchema.shape.resources)}: \`{ "staging": 1 }\``],
      ],
    ),
    'rule-keys': table(
      ['key', ''],
      Object.entries(ruleSchema.shape).map(([name, schema]) => [code(name), descriptionOf(schema)]),
    ),
    flags: table(['flag', 'variable', 'key, or meaning'], [...suite, ...run].flatMap(flagRow)),
    'worker-flags': table(
      ['flag', 'variable', 'key, or meaning'],
      [['slots', RUN_OPTIONS.slots] as const, ...worker].flatMap(workerRow),
    ),
  };
}

function flagRow([name, option]: Named): string[][] {
  const { flags, env, key = name, separator } = option;
  if (flags === null && env === null) return [];
  const flag =
    flags === null
      ? ''
      : `${flags
          .split(/, (?=-)/)
          .map(code)
          .join(', ')}${separator === undefined ? '' : ', may be repeated'}`;
  const more = separator === undefined ? '' : separator === ',' ? ', comma-separated' : ', one per line';
  const fallback = typeof option.default === 'boolean' ? '' : defaultOf(option);
  const meaning = key === null ? `${aboutOf(option)}${fallback === '' ? '' : ` (default: ${fallback})`}` : code(key);
  return [[flag, env === null ? '' : `${code(env)}${more}`, meaning]];
}

function workerRow([name, option]: Named): string[][] {
  return flagRow([name, name === 'slots' ? { ...option, flags: '--slots <n>' } : option]);
}

function defaultOf({ default: value, defaultText }: Option<unknown>): string {
  if (defaultText !== undefined) return defaultText;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? code(JSON.stringify(value)) : code(String(value));
}

function aboutOf({ about, page }: Option<unknown>): string {
  const link = page?.startsWith('configuration.md') ? page.slice('configuration.md'.length) : page;
  return `${escapePipes(about)}${link === undefined ? '' : ` ([more](${link}))`}`;
}

function descriptionOf(schema: { meta(): { description?: string } | undefined }): string {
  const inner = 'unwrap' in schema && typeof schema.unwrap === 'function' ? schema.unwrap() : schema;
  const text = escapePipes(inner.meta()?.description ?? '').replace(/\.$/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const escapePipes = (text: string) => text.replaceAll('|', '\\|');
const code = (word: string) => `\`${escapePipes(word)}\``;
