import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describePermits, PermitLedger, permitsFor } from '../../src/core/model/permits.js';
import { Lender, type PermitRequest } from '../../src/core/schedule/lender.js';

const ask = (
  borrower: string,
  id: string,
  permits: Record<string, number>,
  capacities: Record<string, number> = {},
): PermitRequest => ({
  borrower,
  id,
  permits,
  capacities: { ...Object.fromEntries(Object.keys(permits).map((name) => [name, 1])), ...capacities },
});
const aLender = () => new Lender({ lent: [], waiting: [] });
const idsOf = (requests: readonly PermitRequest[]) => requests.map(({ id }) => id);

test('a serial group is a resource of which there is one', () => {
  const permits = permitsFor({ serial: 'db', resources: { licence: 2 } });
  expect(permits).toEqual({ 'serial/db': 1, licence: 2 });
  expect(describePermits(permits ?? {})).toBe('2 of licence, serial db');
  expect(permitsFor({})).toBeNull();
});

test('what is lent comes back before it is lent again, first come first served', () => {
  const lender = aLender();
  for (const [borrower, id] of [
    ['run-1', 'a'],
    ['run-2', 'b'],
    ['run-1', 'c'],
  ] as const)
    lender.ask(ask(borrower, id, { db: 1 }));
  expect(idsOf(lender.lend())).toEqual(['a']);
  expect(lender.lend()).toEqual([]);
  lender.giveBack('run-1', 'a');
  expect(idsOf(lender.lend())).toEqual(['b']);
});

test('a permits is granted as a whole, and one that waits is not overtaken by another for the same', () => {
  const lender = aLender();
  lender.ask(ask('r', 'one', { x: 1 }));
  lender.ask(ask('r', 'both', { x: 1, y: 1 }));
  lender.ask(ask('r', 'late', { y: 1 }));
  lender.ask(ask('r', 'other', { z: 1 }));
  expect(idsOf(lender.lend())).toEqual(['one', 'other']);
  lender.giveBack('r', 'one');
  expect(idsOf(lender.lend())).toEqual(['both']);
});

test('asked twice is asked once; what a run no longer wants, and all of a run that is gone, is free', () => {
  const lender = aLender();
  lender.ask(ask('gone', 'a', { db: 1 }));
  lender.ask(ask('gone', 'a', { db: 1 }));
  lender.ask(ask('run', 'b', { db: 1 }));
  lender.ask(ask('run', 'c', { db: 1 }));
  lender.lend();
  lender.giveBack('run', 'b');
  lender.forget((borrower) => borrower === 'gone');
  expect(idsOf(lender.lend())).toEqual(['c']);
  expect(lender.state).toMatchObject({ lent: [{ id: 'c' }], waiting: [] });
});

test('a lender that goes on from its state knows what is lent', () => {
  const lender = aLender();
  lender.ask(ask('r', 'a', { licence: 2 }, { licence: 3 }));
  lender.ask(ask('r', 'b', { licence: 2 }, { licence: 3 }));
  lender.lend();
  const next = new Lender(lender.state);
  expect(next.lend()).toEqual([]);
  next.giveBack('r', 'a');
  expect(idsOf(next.lend())).toEqual(['b']);
});

test('under any order of asking and giving back, no capacity is exceeded and everybody is served in the end', () => {
  const permits = fc.array(
    fc.record({
      names: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }),
      amount: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(permits, fc.infiniteStream(fc.nat()), (wishes, chance) => {
      const lender = aLender();
      const capacities = { x: 3, y: 3, z: 3 };
      const held = new Map<string, PermitRequest>();
      let served = 0;
      const serve = () => {
        for (const request of lender.lend()) {
          served += 1;
          held.set(request.id, request);
        }
        const ledger = new PermitLedger();
        for (const { permits } of held.values()) {
          expect(ledger.fits(permits, capacities)).toBe(true);
          ledger.take(permits);
        }
      };
      for (const [index, { names, amount }] of wishes.entries()) {
        lender.ask(ask('r', String(index), Object.fromEntries(names.map((name) => [name, amount])), capacities));
        serve();
        const ids = [...held.keys()];
        const id = ids[(chance.next().value ?? 0) % (ids.length + 1)];
        if (id === undefined) continue;
        lender.giveBack('r', id);
        held.delete(id);
        serve();
      }
      while (held.size > 0) {
        const [id = ''] = held.keys();
        lender.giveBack('r', id);
        held.delete(id);
        serve();
      }
      expect(served).toBe(wishes.length);
    }),
  );
});
