import assert from 'node:assert/strict';
import { Breaker, CircuitOpenError } from './breaker.js';

describe('a circuit breaker', () => {
  let nowMs;
  let breaker;
  const down = () => Promise.reject(new Error('down'));
  const up = () => Promise.resolve('fine');

  beforeEach(async () => {
    nowMs = 0;
    breaker = new Breaker({ failures: 2, restMs: 1_000, now: () => nowMs });
  });

  const open = async () => {
    await assert.rejects(breaker.call(down), /down/);
    await assert.rejects(breaker.call(down), /down/);
  };

  it('stays closed while failures are not in a row', async () => {
    await assert.rejects(breaker.call(down));
    await breaker.call(up);
    await assert.rejects(breaker.call(down));
    assert.equal(await breaker.call(up), 'fine');
  });

  it('fails at once when it is open', async () => {
    await open();
    await assert.rejects(breaker.call(up), CircuitOpenError);
  });

  it('closes when the call after the rest succeeds', async () => {
    await open();
    nowMs = 1_000;
    assert.equal(await breaker.call(up), 'fine');
    assert.equal(await breaker.call(up), 'fine');
  });

  it('opens again when that call fails', async () => {
    await open();
    nowMs = 1_000;
    await assert.rejects(breaker.call(down), /down/);
    await assert.rejects(breaker.call(up), CircuitOpenError);
  });

  it('lets only one call try', async () => {
    await open();
    nowMs = 1_000;
    const [first, second] = await Promise.allSettled([breaker.call(up), breaker.call(up)]);
    assert.equal(first.status, 'fulfilled');
    assert.ok(second.reason instanceof CircuitOpenError);
  });
});
