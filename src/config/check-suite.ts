import { RunnerError } from '../core/errors.js';
import { FRAMEWORKS, type FrameworkName, factsOf, listsItself, type OwnSettings } from '../core/model/frameworks.js';
import type { SuiteConfig } from './schema.js';
import type { SuiteSettings } from './settings.js';
import { SUITE_OPTIONS } from './suite-options.js';

/** Checks what no schema of a single key can express. `place` locates the suite in the configuration file. Throws CONFIG_INVALID. */
export function checkSuite(suite: SuiteSettings, file: SuiteConfig, place: string): void {
  checkOwnSettings(suite, file);
  checkResources(suite, place);
  checkNeeds(suite, place);
  checkIsolation(suite, place);
}

/** Rejects keys that belong to another framework, unless a flag has overridden the framework that the file names. */
function checkOwnSettings({ name, framework, selection }: SuiteSettings, file: SuiteConfig): void {
  const problem = (key: string, text: string) => new RunnerError('CONFIG_INVALID', `suites.${name}.${key} ${text}.`);
  for (const owner of FRAMEWORKS.filter((other) => other !== framework.name)) {
    const { own } = factsOf(owner);
    const isReplaced = hasRequired(owner, file) && (file.framework ?? owner) === owner;
    const key = own && !isReplaced && [own.required, ...own.optional].find((option) => file[option] !== undefined);
    if (key) throw problem(key, `is only for the framework ${owner}, but this suite uses ${file.framework ?? framework.name}`);
  }
  const { own } = factsOf(framework.name);
  if (own && framework[own.required] === undefined) throw problem(own.required, `must be ${wantedOf(own.required)}, not nothing`);
  for (const key of own?.optional ?? []) {
    const needed = own?.needs[key];
    if (needed && framework[key] !== undefined && framework[needed] === undefined)
      throw problem(key, `has no effect without ${needed}`);
  }
  if (!listsItself(framework) && selection.include.length === 0 && selection.only.length === 0)
    throw problem('include', `must be a list of globs: without \`${own?.listing}\` a ${framework.name} cannot list its files`);
}

function hasRequired(name: FrameworkName, file: SuiteConfig): boolean {
  const { own } = factsOf(name);
  return own !== undefined && file[own.required] !== undefined;
}

const wantedOf = (key: keyof OwnSettings) => SUITE_OPTIONS[key].schema.safeParse(undefined).error?.issues[0]?.message;

/** Rejects rules whose resources are unknown or exceed their capacity: such a file would wait forever. */
function checkResources({ rules = [], resources = {} }: SuiteSettings, place: string): void {
  for (const [index, rule] of rules.entries()) {
    for (const [name, amount] of Object.entries(rule.resources ?? {})) {
      const where = `${place}rules[${index}].resources.${name}`;
      const capacity = resources[name];
      if (capacity === undefined)
        throw new RunnerError('CONFIG_INVALID', `${where} names a resource that is not configured; add it to resources.`);
      if (amount > capacity)
        throw new RunnerError('CONFIG_INVALID', `${where} is ${amount}, but resources.${name} has a capacity of ${capacity}.`);
    }
  }
}

/** Rejects `needs` where the framework's own command has a process for each file, so that no file can need another. */
function checkNeeds({ framework, rules = [] }: SuiteSettings, place: string): void {
  const index = rules.findIndex(({ needs }) => needs !== undefined);
  if (index < 0 || factsOf(framework.name).company) return;
  const able = FRAMEWORKS.filter((name) => factsOf(name).company).join(', ');
  throw new RunnerError('CONFIG_INVALID', `${place}rules[${index}].needs is for ${able}; this suite uses ${framework.name}.`);
}

/** Rejects `isolation: suite` where files cannot share a process, or where each needs one of its own. */
function checkIsolation({ framework, repeatEach, repeatNew = 1 }: SuiteSettings, place: string): void {
  if (framework.isolation !== 'suite') return;
  const problem = (text: string) => new RunnerError('CONFIG_INVALID', `${place}isolation: ${text}`);
  const able = FRAMEWORKS.filter((name) => factsOf(name).sharedProcess).join(', ');
  if (!factsOf(framework.name).sharedProcess) throw problem(`suite is for ${able}; this suite uses ${framework.name}.`);
  if (framework.coverage === 'on') throw problem('files that share a process cannot be measured one by one; leave out coverage.');
  if (repeatEach > 1 || repeatNew > 1) throw problem('files that share a process run once; leave out repeatEach and repeatNew.');
}
