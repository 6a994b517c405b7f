import type { Line } from './cart.js';
import type { Cents } from './money.js';

export type Offer =
  | { readonly kind: 'percent'; readonly percent: number; readonly from: Cents }
  | { readonly kind: 'bundle'; readonly sku: string; readonly take: number; readonly pay: number };

/** What an offer takes off these lines. Half a cent is rounded in favour of the customer. */
export function worth(offer: Offer, lines: readonly Line[]): Cents {
  switch (offer.kind) {
    case 'percent': {
      const subtotal = lines.reduce((sum, { article, quantity }) => sum + article.price * quantity, 0);
      return subtotal < offer.from ? 0 : Math.round((subtotal * offer.percent) / 100);
    }
    case 'bundle': {
      const line = lines.find(({ article }) => article.sku === offer.sku);
      if (line === undefined) return 0;
      return Math.floor(line.quantity / offer.take) * (offer.take - offer.pay) * line.article.price;
    }
  }
}

/** Offers do not add up: the customer gets the best one. null when none takes anything off. */
export function bestOffer(offers: readonly Offer[], lines: readonly Line[]): { offer: Offer; off: Cents } | null {
  return offers
    .map((offer) => ({ offer, off: worth(offer, lines) }))
    .filter(({ off }) => off > 0)
    .reduce<{ offer: Offer; off: Cents } | null>((best, next) => (best !== null && best.off >= next.off ? best : next), null);
}
