import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { RUN_OPTIONS } from '../../src/config/run-options.js';
import { suiteSchema } from '../../src/config/schema.js';
import { SUITE_OPTIONS } from '../../src/config/suite-options.js';
import { WORKER_OPTIONS } from '../../src/config/worker-options.js';

const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

test.each(Object.entries({ ...RUN_OPTIONS, ...SUITE_OPTIONS, ...WORKER_OPTIONS }))(
  'docs/configuration.md tells of the option %s',
  (_, { flags, env }) => {
    for (const flag of flags?.match(/--?[a-z][\w-]*/g) ?? []) expect(page).toContain(`\`${flag}`);
    expect(page).toContain(`\`${env}\``);
  },
);

test.each(Object.keys(suiteSchema.shape))('docs/configuration.md tells of the key %s', (key) => {
  expect(page).toMatch(new RegExp(`^\\| \`${key}[\`.]`, 'm'));
});
