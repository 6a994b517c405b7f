import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Option } from '../../src/config/option.js';
import { RUN_OPTIONS } from '../../src/config/run-options.js';
import { SUITE_OPTIONS } from '../../src/config/suite-options.js';
import { WORKER_OPTIONS } from '../../src/config/worker-options.js';

const read = (page: string) => readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
const options: readonly (readonly [string, Option<unknown>])[] = Object.entries({
  ...RUN_OPTIONS,
  ...SUITE_OPTIONS,
  ...WORKER_OPTIONS,
});

test.each(options)(
  'docs/configuration.md has the flag, variable or key of the option %s',
  async (name, { flags, env, key = name }) => {
    const page = await read('configuration.md');
    for (const flag of flags?.match(/--?[a-z][\w-]*/g) ?? []) expect(page).toContain(`\`${flag}`);
    if (env !== null) expect(page).toContain(`\`${env}\``);
    if (key !== null) expect(page).toContain(`| \`${key}\` |`);
  },
);

test.each(options.filter(([, { page }]) => page !== undefined))(
  'the page that says more of %s has that place',
  async (_, option) => {
    const [file = '', anchor] = option.page?.split('#') ?? [];
    const headings = [...(await read(file)).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    if (anchor === undefined) expect(headings.length).toBeGreaterThan(0);
    else expect(headings).toContain(anchor);
  },
);
