import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Stock } from './stock.js';

describe('stock', () => {
  let nowMs;
  let stock;
  beforeEach(() => {
    nowMs = 0;
    stock = new Stock(() => nowMs);
    stock.receive('tea', 5);
  });

  test('what is held cannot be promised twice', () => {
    stock.reserve('order-1', 'tea', 4, 1_000);
    assert.equal(stock.available('tea'), 1);
    assert.throws(() => stock.reserve('order-2', 'tea', 2, 1_000), /Only 1 of tea are left/);
  });

  test('a reservation runs out', () => {
    stock.reserve('order-1', 'tea', 4, 1_000);
    nowMs = 1_000;
    assert.equal(stock.available('tea'), 5);
    assert.throws(() => stock.ship('order-1'), /holds nothing/);
  });

  test('the same order again renews its reservation', () => {
    stock.reserve('order-1', 'tea', 4, 1_000);
    stock.reserve('order-1', 'tea', 5, 2_000);
    nowMs = 1_500;
    assert.equal(stock.available('tea'), 0);
  });

  test('a renewal that cannot be kept leaves what was held', () => {
    stock.reserve('order-1', 'tea', 4, 1_000);
    assert.throws(() => stock.reserve('order-1', 'tea', 6, 1_000), RangeError);
    assert.equal(stock.available('tea'), 1);
  });

  test('goods leave once', () => {
    stock.reserve('order-1', 'tea', 2, 1_000);
    stock.ship('order-1');
    assert.equal(stock.available('tea'), 3);
    assert.throws(() => stock.ship('order-1'));
  });
});
