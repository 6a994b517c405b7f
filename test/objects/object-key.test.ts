import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectKey } from '../../src/adapters/objects/index.js';

test.each([
  [['runs', 'unit', 'r1', 'report.json'], 'runs/unit/r1/report.json'],
  [['src/cart.test.ts'], 'src%2Fcart.test.ts'],
  [['..', '.', '.hidden'], '%2E./%2E/%2Ehidden'],
  [['a "b" \'c\'\n$(d) -e\\f'], 'a%20%22b%22%20%27c%27%0A%24%28d%29%20-e%5Cf'],
  [['größe'], 'gr%C3%B6%C3%9Fe'],
  [['100%', '~'], '100%25/%7E'],
  [['', 'a'], '%/a'],
])('%j becomes %s', (parts, key) => {
  expect(objectKey(...parts)).toBe(key);
});

test('a name too long for a file system is cut, and still differs from its neighbours', () => {
  const deep = 'folder/'.repeat(60);
  const [one, other] = [objectKey(`${deep}a.test.ts`), objectKey(`${deep}b.test.ts`)];
  expect(one).toHaveLength(200);
  expect(other).toHaveLength(200);
  expect(one).not.toBe(other);
  expect(one).toBe(objectKey(`${deep}a.test.ts`));
});

const anyPart = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 190, maxLength: 300 }),
  fc.constantFrom('', '.', '..', '%', '/', '~'),
);
const anyParts = fc.array(anyPart, { minLength: 1, maxLength: 4 });

test('whatever the parts, each becomes one plain name', () => {
  fc.assert(
    fc.property(anyParts, (parts) => {
      const names = objectKey(...parts).split('/');
      expect(names).toHaveLength(parts.length);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%~-]{0,199}$/);
    }),
  );
});

test('different parts never share a key', () => {
  fc.assert(
    fc.property(anyParts, anyParts, (a, b) => {
      expect(objectKey(...a) === objectKey(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});
