import type { Cart } from './cart.js';
import { allocate, type Cents, format } from './money.js';

/** German value added tax, which prices contain already. */
const TAX_PERCENT = 19;

/** An invoice as text. The discount is shared among the lines by their worth, so that each can be given back alone. */
export function invoice(cart: Cart, off: Cents = 0): string {
  const worths = cart.lines.map(({ article, quantity }) => article.price * quantity);
  const shares = off === 0 ? worths.map(() => 0) : allocate(off, worths);
  const rows = cart.lines.map(({ article, quantity }, index) => [
    `${quantity} × ${article.title}`,
    format((worths[index] ?? 0) - (shares[index] ?? 0)),
  ]);
  const total = cart.subtotal - off;
  const tax = Math.round((total * TAX_PERCENT) / (100 + TAX_PERCENT));
  return columns([...rows, ['Total', format(total)], [`of it ${TAX_PERCENT} % tax`, format(tax)]]);
}

function columns(rows: readonly (readonly string[])[]): string {
  const [left, right] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([what = '', amount = '']) => `${what.padEnd(left ?? 0)}  ${amount.padStart(right ?? 0)}`).join('\n');
}
