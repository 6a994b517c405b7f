import { expect, test } from 'vitest';
import { Cart } from './cart.js';

const tea = { sku: 'tea', title: 'Darjeeling, 100 g', price: 890 };
const cup = { sku: 'cup', title: 'Cup', price: 450 };

test('the same article twice is one line', () => {
  const cart = new Cart().add(tea).add(cup).add(tea, 2);
  expect(cart.lines).toEqual([
    { article: tea, quantity: 3 },
    { article: cup, quantity: 1 },
  ]);
});

test('the subtotal follows what is put in and taken out', () => {
  const cart = new Cart().add(tea, 2).add(cup, 6);
  expect(cart.subtotal).toBe(4_480);
  expect(cart.remove('cup', 2).subtotal).toBe(3_580);
  expect(cart.remove('tea').subtotal).toBe(1_800);
});

test('taking out more than there is leaves nothing, not less than nothing', () => {
  expect(new Cart().add(cup).remove('cup', 5).lines).toEqual([]);
});

test.each([0, -1, 1.5, Number.NaN])('%d is not a quantity', (quantity) => {
  expect(() => new Cart().add(tea, quantity)).toThrow('is not a quantity');
});
