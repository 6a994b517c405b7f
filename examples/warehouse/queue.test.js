import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PickQueue } from './queue.js';

const drain = (queue) => Array.from({ length: queue.size }, () => queue.pop());

test('the most urgent order leaves first', () => {
  const queue = new PickQueue();
  for (const [order, urgency] of [
    ['standard', 1],
    ['express', 5],
    ['plus', 3],
  ])
    queue.push(order, urgency);
  assert.deepEqual(drain(queue), ['express', 'plus', 'standard']);
});

test('equal orders leave in the order they came', () => {
  const queue = new PickQueue();
  for (const order of ['a', 'b', 'c', 'd', 'e']) queue.push(order, 1);
  assert.deepEqual(drain(queue), ['a', 'b', 'c', 'd', 'e']);
});

test('it orders as sorting does, whatever comes', () => {
  const queue = new PickQueue();
  const urgencies = Array.from({ length: 500 }, (_, n) => (n * 7_919) % 101);
  for (const [n, urgency] of urgencies.entries()) queue.push({ n, urgency }, urgency);
  const sorted = urgencies.map((urgency, n) => ({ n, urgency })).sort((a, b) => b.urgency - a.urgency || a.n - b.n);
  assert.deepEqual(drain(queue), sorted);
});

test('an empty queue has nothing', () => {
  assert.equal(new PickQueue().pop(), undefined);
});
