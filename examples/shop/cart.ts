import type { Cents } from './money.js';

export type Article = { readonly sku: string; readonly title: string; readonly price: Cents };
export type Line = { readonly article: Article; readonly quantity: number };

/** What a customer wants to buy. Each article has one line, in the order the articles were first put in. */
export class Cart {
  readonly #lines = new Map<string, Line>();

  add(article: Article, quantity = 1): this {
    if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError(`${quantity} is not a quantity.`);
    const before = this.#lines.get(article.sku)?.quantity ?? 0;
    this.#lines.set(article.sku, { article, quantity: before + quantity });
    return this;
  }

  /** Takes out so many of an article, or all of them. */
  remove(sku: string, quantity = Number.POSITIVE_INFINITY): this {
    const line = this.#lines.get(sku);
    if (line === undefined) return this;
    const left = line.quantity - quantity;
    if (left > 0) this.#lines.set(sku, { ...line, quantity: left });
    else this.#lines.delete(sku);
    return this;
  }

  get lines(): readonly Line[] {
    return [...this.#lines.values()];
  }

  get subtotal(): Cents {
    return this.lines.reduce((sum, { article, quantity }) => sum + article.price * quantity, 0);
  }
}
