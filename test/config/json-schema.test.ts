import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { UNIT } from './support.js';

const shipped = () => readFile(new URL('../../schema/holdfast.config.schema.json', import.meta.url), 'utf8');

test('the shipped schema is current (else: npm run generate)', async () => {
  expect(await shipped()).toBe(configJsonSchema());
});

test.each([
  [true, 'the smallest useful one', { suites: { unit: UNIT }, worker: { slots: 2 } }],
  [true, 'one with a schema and nothing else', { $schema: './schema.json' }],
  [
    true,
    'a suite from a remote',
    { suites: { far: { framework: 'go', source: { kind: 'git', remote: 'r', revision: 'main' } } } },
  ],
  [false, 'an unknown key', { suites: { unit: { ...UNIT, retires: 1 } } }],
  [false, 'a command as text', { suites: { unit: { ...UNIT, command: 'sh {file}' } } }],
  [false, 'a suite name with a slash', { suites: { 'a/b': UNIT } }],
  [false, 'a folder outside', { suites: { unit: { ...UNIT, cwd: '..' } } }],
])('an editor says %s to %s', async (accepted, _, config) => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(await shipped()));
  expect(validate(config)).toBe(accepted);
});
