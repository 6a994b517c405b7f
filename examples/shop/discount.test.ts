import { describe, expect, test } from 'vitest';
import { Cart } from './cart.js';
import { bestOffer, type Offer, worth } from './discount.js';

const tea = { sku: 'tea', title: 'Darjeeling, 100 g', price: 890 };
const threeForTwo: Offer = { kind: 'bundle', sku: 'tea', take: 3, pay: 2 };
const tenPercent: Offer = { kind: 'percent', percent: 10, from: 2_000 };
const teas = (quantity: number) => new Cart().add(tea, quantity).lines;

describe('three for two', () => {
  test.each([
    { bought: 2, off: 0 },
    { bought: 3, off: 890 },
    { bought: 7, off: 1_780 },
  ])('takes $off cents off $bought', ({ bought, off }) => {
    expect(worth(threeForTwo, teas(bought))).toBe(off);
  });
});

describe('ten percent', () => {
  test('starts at its least order value', () => {
    expect(worth(tenPercent, teas(2))).toBe(0);
    expect(worth(tenPercent, teas(3))).toBe(267);
  });
});

describe('the best offer', () => {
  test('wins alone', () => {
    expect(bestOffer([tenPercent, threeForTwo], teas(3))).toEqual({ offer: threeForTwo, off: 890 });
  });

  test('is none where nothing is taken off', () => {
    expect(bestOffer([tenPercent, threeForTwo], teas(1))).toBeNull();
  });
});
