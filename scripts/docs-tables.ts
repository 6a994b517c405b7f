// Tables and lists of frameworks in the documentation, made of the facts of src/core/model/frameworks.ts and src/frameworks/<name>/about.ts.
import { FRAMEWORKS, type FrameworkName, factsOf } from '../src/core/model/frameworks.js';
import { type About, ENDINGS, type Ending, type Judgement, SITUATIONS, type Situation } from '../src/frameworks/about.js';
import { table } from './markdown.js';
import { optionTables } from './option-tables.js';

/** Pages that hold such tables, between `<!-- generated: NAME -->` and `<!-- /generated -->`. */
export const PAGES = ['company', 'configuration', 'flaky', 'frameworks', 'ordering', 'warm-sessions'].map(
  (name) => `docs/${name}.md`,
);

/** A page with every generated part as the facts have it now. Throws for a part that nobody makes. */
export async function withTables(page: string): Promise<string> {
  const parts = await generatedParts();
  return page.replaceAll(/(<!-- generated: (\S+) -->)[\s\S]*?(<!-- \/generated -->)/g, (_, open, name, close) => {
    const text = parts[name];
    if (text === undefined) throw new Error(`There is no generated part ${name}.`);
    return text.includes('\n') ? `${open}\n\n${text}\n\n${close}` : `${open}${text}${close}`;
  });
}

/** What the documentation says of each framework, in the order of the table of facts. */
export async function readAbouts(): Promise<ReadonlyMap<FrameworkName, About>> {
  const read = async (name: FrameworkName) => {
    const { about }: { readonly about: About } = await import(`../src/frameworks/${name}/about.ts`);
    return [name, about] as const;
  };
  return new Map(await Promise.all(FRAMEWORKS.map(read)));
}

async function generatedParts(): Promise<Readonly<Record<string, string>>> {
  const rows = [...(await readAbouts())].map(([name, about]) => ({ name, about, facts: factsOf(name) }));
  const titles = (isIn: (row: (typeof rows)[number]) => boolean) =>
    listOf(
      rows.filter(isIn).map(({ about }) => about.title),
      'and',
    );
  return {
    ...optionTables(),
    names: listOf(
      rows.map(({ name }) => code(name)),
      'or',
    ),
    'split-by-case': titles(({ facts }) => facts.cases?.unit === 'case'),
    'split-by-outermost': titles(({ facts }) => facts.cases?.unit === 'outermost'),
    'never-split': titles(({ facts }) => facts.cases === null),
    'counts-left-out': titles(({ about }) => about.countsLeftOut === true),
    company: titles(({ facts }) => facts.company),
    'shared-process': titles(({ facts }) => facts.sharedProcess),
    shuffles: titles(({ facts }) => facts.shuffleArgs !== null),
    frameworks: table(
      ['name', 'a "test file" is', 'detected by', 'listed with', 'results read from'],
      rows.map(({ name, about }) => [code(name), about.testFile, about.detectedBy, about.listedWith, about.resultsFrom]),
    ),
    versions: table(
      ['framework', 'versions tested by `npm run test:real`, with and without sessions'],
      rows.flatMap(({ about: { title, versions } }) => (versions ? [[title, versionsOf(versions)]] : [])),
    ),
    situations: table(
      ['', ...Object.values(SITUATIONS)],
      rows.map(({ about }) => [about.title, ...situations.map((one) => judgementOf(about.situations[one]))]),
    ),
    endings: table(
      ['', ...Object.values(ENDINGS)],
      rows.flatMap(({ about: { title, endings } }) =>
        endings
          ? [[title, ...(Object.keys(ENDINGS) as Ending[]).map((one) => (endings[one] ? judgementOf(endings[one]) : ''))]]
          : [],
      ),
    ),
    sessions: table(
      ['framework', 'process', 'isolation between files'],
      rows.flatMap(({ about: { title, sessions } }) =>
        sessions.map(({ files, process, isolation }) => [[title, ...(files ? [files] : [])].join(', '), process, isolation]),
      ),
    ),
    'no-sessions-with': table(
      ['framework', 'no sessions with'],
      rows.flatMap(({ about: { title, noSessionsWith } }) => (noSessionsWith ? [[title, noSessionsWith]] : [])),
    ),
  };
}

const situations = Object.keys(SITUATIONS) as Situation[];

const WORDS: Readonly<Record<Judgement, string>> = {
  passed: 'passed',
  failed: 'failed',
  crashed: 'crashed',
  noTests: 'no tests',
  noTestsError: 'no tests (an error)',
};

function judgementOf(judged: About['situations'][Situation]): string {
  const [judgement, note] = typeof judged === 'string' ? [judged] : judged;
  return note === undefined ? WORDS[judgement] : `${WORDS[judgement]} (${note})`;
}

/** `3.2, 4.1; 5.1 on Node 22.12 or later`: a remark that begins with one of the versions takes its place. */
function versionsOf({ tried, remark }: NonNullable<About['versions']>): string {
  const short = tried
    .map((version) => version.split('.').slice(0, 2).join('.'))
    .filter((version) => !remark?.startsWith(version));
  return [short.join(', '), remark ?? ''].filter((text) => text !== '').join('; ');
}

const code = (word: string) => `\`${word}\``;

function listOf(words: readonly string[], conjunction: 'and' | 'or'): string {
  const [last = '', ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} ${conjunction} ${last}`;
}
