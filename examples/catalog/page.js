'use strict';

/**
 * One page of articles sorted by sku. The cursor names the last article seen and not a position, so that an article that comes or goes
 * meanwhile neither repeats nor hides another one. `next` is null on the last page.
 */
function pageOf(articles, { size, cursor = null }) {
  const after = cursor === null ? null : decode(cursor);
  const rest = articles.filter(({ sku }) => after === null || sku > after).sort((a, b) => (a.sku < b.sku ? -1 : 1));
  const items = rest.slice(0, size);
  return { items, next: rest.length > size ? encode(items.at(-1).sku) : null };
}

const encode = (sku) => Buffer.from(JSON.stringify({ after: sku })).toString('base64url');

function decode(cursor) {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof after === 'string') return after;
  } catch {
    // Falls through: whatever it is, it is none of ours.
  }
  throw new TypeError('The cursor is not one of ours.');
}

module.exports = { pageOf };
