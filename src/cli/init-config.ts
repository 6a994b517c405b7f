import { suitesOfCalls } from '../config/suites-of-calls.js';
import { DEFAULTS } from '../core/defaults.js';
import type { DetectedFramework } from '../core/model/detected.js';
import { FRAMEWORKS, factsOf } from '../core/model/frameworks.js';

type Suites = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The text of a minimal holdfast.config.json. JSON has no comments, so optional settings are left out. */
export function jsonConfig(frameworks: readonly DetectedFramework[]): string {
  const $schema = './node_modules/holdfast/schema/holdfast.config.schema.json';
  return `${JSON.stringify({ $schema, suites: suitesOf(frameworks) }, null, 2)}\n`;
}

/** The text of a holdfast.config.ts, with optional settings commented out at their defaults. */
export function typescriptConfig(frameworks: readonly DetectedFramework[]): string {
  const suites = Object.entries(suitesOf(frameworks)).map(([name, suite], index) => {
    const lines = Object.entries(suite).map(([key, value]) => `      ${key}: ${literal(value)},`);
    return [
      `    ${keyOf(name)}: {`,
      ...lines,
      ...(index === 0 ? OPTIONAL.filter(([key]) => suite[key] === undefined).map(([, line]) => `      // ${line}`) : []),
      '    },',
    ].join('\n');
  });
  return [
    "import { defineConfig } from 'holdfast/config';",
    '',
    '// `holdfast config` prints every setting in effect. Flags win over HOLDFAST_… variables, and those over this file.',
    'export default defineConfig({',
    '  suites: {',
    ...suites,
    '  },',
    '  // worker: { slots: 4 }, // Files that a worker on this machine runs at once; default: its cores.',
    '});',
    '',
  ].join('\n');
}

/** One suite per framework or call of one, named after it; without any, example suites to edit. */
function suitesOf(frameworks: readonly DetectedFramework[]): Suites {
  const suites = suitesOfCalls(frameworks).map(({ name, config }) => [name, config] as const);
  return Object.fromEntries(suites.length > 0 ? suites : EXAMPLES);
}

const EXAMPLES = FRAMEWORKS.flatMap((framework) => {
  const example = factsOf(framework).own?.example;
  return example === undefined ? [] : [[example.suite, { framework, ...example.settings }] as const];
});

const OPTIONAL: readonly (readonly [string, string])[] = [
  ['include', "include: ['tests/**/*.test.ts'], // Globs relative to cwd. Default: all files that the framework lists."],
  ['exclude', "exclude: ['**/slow/**'], // Wins over include."],
  ['retries', `retries: ${DEFAULTS.retries}, // Further attempts at a red file. A lost worker costs none.`],
  [
    'timeoutMs',
    `timeoutMs: ${literal(DEFAULTS.timeoutMs)}, // Longest that an attempt at a file may run. Default: from its recorded durations.`,
  ],
  ['env', "env: { pass: ['PATH', 'HOME'], set: { TZ: 'UTC' } }, // Default: all variables pass."],
  ['cwd', "cwd: '.', // Folder of the suite, relative to this file."],
];

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${keyOf(key)}: ${literal(one)}`)
      .join(', ')} }`;
  if (typeof value === 'number') return String(value).replaceAll(/(\d)(?=(\d{3})+$)/g, '$1_');
  return `'${String(value).replaceAll(/[\\']/g, '\\$&')}'`;
}

/** A property name, quoted if it is no identifier. */
const keyOf = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));
