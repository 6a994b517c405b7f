import { expect, test } from 'vitest';
import { differenceOf, type StackIdentity } from '../../src/stack/stack-identity.js';

const OURS: StackIdentity = { version: '1.0.0 /a/dist/cli.js 1', runtime: 'v22.0.0 /usr/bin/node', user: 1_000, settings: 'abc' };

test.each<[Partial<StackIdentity>, keyof StackIdentity | undefined]>([
  [{}, undefined],
  [{ version: '1.0.1 /a/dist/cli.js 2' }, 'version'],
  [{ runtime: 'v24.0.0 /usr/bin/node', settings: 'def' }, 'runtime'],
  [{ user: 0, version: '2', runtime: '2', settings: '2' }, 'user'],
  [{ settings: 'def' }, 'settings'],
])('a stack that differs in %o differs first in %s', (theirs, key) => {
  expect(differenceOf(OURS, { ...OURS, ...theirs })?.key).toBe(key);
});
