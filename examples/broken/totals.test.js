import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const vat = (cents, percent) => Math.floor((cents * percent) / 100); // Rounds down. It should round half up.
const totals = (lines) => {
  const net = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return { lines: lines.length, net, vat: vat(net, 19), gross: net + vat(net, 19) };
};

describe('totals', () => {
  it('count the lines', () => {
    assert.equal(totals([{ price: 890, quantity: 2 }]).lines, 1);
  });

  it('round the tax half up', () => {
    const order = [
      { price: 890, quantity: 1 },
      { price: 450, quantity: 3 },
    ];
    assert.deepEqual(totals(order), { lines: 2, net: 2_240, vat: 426, gross: 2_666 });
  });

  it('round the tax of a single cup half up', () => {
    assert.deepEqual(totals([{ price: 450, quantity: 1 }]), { lines: 1, net: 450, vat: 86, gross: 536 });
  });
});
