import { expect, test } from 'vitest';
import { Cart } from './cart.js';
import { invoice } from './invoice.js';

const cart = new Cart()
  .add({ sku: 'tea', title: 'Darjeeling, 100 g', price: 890 }, 3)
  .add({ sku: 'pot', title: 'Tea pot', price: 8_900 });

test('an invoice names each line, the total and the tax in it', () => {
  expect(invoice(cart)).toMatchInlineSnapshot(`
    "3 × Darjeeling, 100 g   €26.70
    1 × Tea pot             €89.00
    Total                  €115.70
    of it 19 % tax          €18.47"
  `);
});

test('a discount is shared among the lines, to the cent', () => {
  const amounts = invoice(cart, 1_001).match(/\d+\.\d\d/g) ?? [];
  expect(amounts).toEqual(['24.39', '81.30', '105.69', '16.87']);
});
