import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { quote } from './carrier.js';

// The flaky one. The carrier's sandbox sleeps when nobody uses it, and its first answer is an excuse. Any real suite has such a test.
const isAwake = Number(process.env.HOLDFAST_ATTEMPT ?? 2) > 1;

describe('a carrier', () => {
  let sandbox;
  let url;
  before(async () => {
    sandbox = createServer(({ url: path }, response) => {
      if (!isAwake) return response.writeHead(503).end();
      const grams = Number(new URL(path, 'http://carrier').searchParams.get('grams'));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ cents: grams <= 2_000 ? 549 : 949 }));
    });
    await new Promise((resolve) => sandbox.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${sandbox.address().port}`;
  });
  after(() => {
    sandbox.closeAllConnections();
    sandbox.close();
  });

  it('takes less for a small parcel', async () => {
    assert.equal(await quote(url, { grams: 800, country: 'DE' }), 549);
  });

  it('takes more for a large one', async () => {
    assert.equal(await quote(url, { grams: 5_000, country: 'DE' }), 949);
  });
});
