'use strict';

/** An index of words in memory. A query finds the articles that have all its words; the last one may be the beginning of a word. */
class SearchIndex {
  #articlesByWord = new Map();

  add(sku, text) {
    for (const word of wordsOf(text)) {
      if (!this.#articlesByWord.has(word)) this.#articlesByWord.set(word, new Set());
      this.#articlesByWord.get(word).add(sku);
    }
  }

  find(query) {
    const words = wordsOf(query);
    if (words.length === 0) return [];
    const last = words.pop();
    const found = words.map((word) => this.#articlesByWord.get(word) ?? new Set());
    return [...this.#startingWith(last)].filter((sku) => found.every((skus) => skus.has(sku))).sort();
  }

  #startingWith(beginning) {
    const skus = new Set();
    for (const [word, having] of this.#articlesByWord) {
      if (word.startsWith(beginning)) for (const sku of having) skus.add(sku);
    }
    return skus;
  }
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

module.exports = { SearchIndex };
