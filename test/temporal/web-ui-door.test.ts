import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { webUrlOf } from '../../src/adapters/temporal/web-ui.js';
import { entryOf, openWebUiDoor } from '../../src/adapters/temporal/web-ui-door.js';

const OWN = { names: ['127.0.0.1:80', 'localhost:80'], cookie: 'holdfast-ui-80', token: 'secret' };
const COOKIE = 'holdfast-ui-80=secret';

test.each([
  ['no token', '/', { host: '127.0.0.1:80' }, 'refused'],
  ['a wrong token', '/?token=secreT', { host: '127.0.0.1:80' }, 'refused'],
  ['a wrong cookie', '/', { host: '127.0.0.1:80', cookie: 'holdfast-ui-80=secret2' }, 'refused'],
  ['a cookie of another port', '/', { host: '127.0.0.1:80', cookie: 'holdfast-ui-81=secret' }, 'refused'],
  ['the cookie', '/a?b=1', { host: '127.0.0.1:80', cookie: `x=1; ${COOKIE}` }, 'known'],
  ['the cookie, by the other name', '/', { host: 'localhost:80', cookie: COOKIE }, 'known'],
  ['the cookie under another name', '/', { host: 'evil.example', cookie: COOKIE }, 'refused'],
  ['the token under another name', '/?token=secret', { host: 'evil.example:80' }, 'refused'],
  ['no name', '/', { cookie: COOKIE }, 'refused'],
  ['the cookie and an address that is no path', '@evil.example/', { host: '127.0.0.1:80', cookie: COOKIE }, 'refused'],
  ['the cookie and two slashes', '//', { host: '127.0.0.1:80', cookie: COOKIE }, 'known'],
])('whoever comes with %s', (_what, url, headers, kind) => {
  expect(entryOf({ url, headers }, OWN).kind).toBe(kind);
});

test.each([
  ['/a?token=secret&b=1', '/a?b=1'],
  ['//evil.example/?token=secret', '/evil.example/'],
  ['/\\evil.example/?token=secret', '/evil.example/'],
])('%s leads to %s, and to no other host', (url, path) => {
  expect(entryOf({ url, headers: { host: 'localhost:80' } }, OWN)).toEqual({ kind: 'welcome', path });
});

test('a request that is let in gets the answer of the Web UI, which does not see the token', async () => {
  const seen: unknown[] = [];
  const target = createServer(({ method, url, headers }, answer) => {
    seen.push({ method, url, cookie: headers.cookie });
    answer.writeHead(201, { 'x-of': 'the Web UI' }).end('body');
  });
  await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void target.close());
  const address = target.address();
  const door = await openWebUiDoor(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  onTestFinished(() => door.close());
  const welcome = await fetch(webUrlOf(door.urlWithToken, 'default', 'suite/a') ?? '', { redirect: 'manual' });
  expect(welcome.headers.get('location')).toBe('/namespaces/default/workflows/suite%2Fa');
  const [cookie = ''] = (welcome.headers.get('set-cookie') ?? '').split(';');
  const answer = await fetch(`${door.url}/api/v1/x?y=1`, { method: 'POST', headers: { cookie }, body: '{}' });
  expect([answer.status, answer.headers.get('x-of'), await answer.text()]).toEqual([201, 'the Web UI', 'body']);
  expect(seen).toEqual([{ method: 'POST', url: '/api/v1/x?y=1', cookie: undefined }]);
});
