import assert from 'node:assert/strict';
import { LruCache } from './lru.js';

describe('a cache of the answers used last', () => {
  let cache;
  beforeEach(() => {
    cache = new LruCache(3);
    for (const key of ['a', 'b', 'c']) cache.set(key, key.toUpperCase());
  });

  it('forgets the one used longest ago', () => {
    cache.set('d', 'D');
    assert.deepEqual(cache.keys(), ['b', 'c', 'd']);
    assert.equal(cache.get('a'), undefined);
  });

  it('counts a look as a use', () => {
    assert.equal(cache.get('a'), 'A');
    cache.set('d', 'D');
    assert.deepEqual(cache.keys(), ['c', 'a', 'd']);
  });

  it('replaces without forgetting another', () => {
    cache.set('a', 'new');
    assert.deepEqual(cache.keys(), ['b', 'c', 'a']);
    assert.equal(cache.get('a'), 'new');
  });

  it('keeps an answer that is undefined', () => {
    cache.set('b', undefined);
    cache.get('b');
    assert.deepEqual(cache.keys(), ['a', 'c', 'b']);
  });
});
