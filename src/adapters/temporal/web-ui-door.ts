import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { LOOPBACK } from './free-port.js';

export type WebUiDoor = {
  /** Its address, for links in reports. */
  readonly url: string;
  /** The same with the token that lets a browser in. */
  readonly urlWithToken: string;
  close(): void;
};

const TOKEN_BYTES = 24;

/**
 * Serves the Web UI of a dev server to those who have the token. The server itself answers whoever asks and under any name, so that a page
 * on the web, whose name an attacker points to this machine, could read and start workflows. Here the name must be ours, and the token is
 * in the address that a person opens, from then on in a cookie that no other site can use.
 */
export async function openWebUiDoor(target: string): Promise<WebUiDoor> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  let own: Own = { names: [], cookie: '', token };
  const server = createServer((incoming, outgoing) => {
    const entry = entryOf(incoming, own);
    if (entry.kind === 'refused')
      return void outgoing.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(entry.why);
    if (entry.kind === 'welcome') {
      const cookie = `${own.cookie}=${token}; Path=/; HttpOnly; SameSite=Strict`;
      return void outgoing.writeHead(302, { location: entry.path, 'set-cookie': cookie, 'referrer-policy': 'no-referrer' }).end();
    }
    pass(incoming, outgoing, target);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject).listen(0, LOOPBACK, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  // Cookies are shared by all ports of a host.
  own = { names: [`${LOOPBACK}:${port}`, `localhost:${port}`], cookie: `holdfast-ui-${port}`, token };
  server.unref();
  const url = `http://${LOOPBACK}:${port}`;
  return {
    url,
    urlWithToken: `${url}/?token=${token}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Own = { readonly names: readonly string[]; readonly cookie: string; readonly token: string };

type Entry =
  | { readonly kind: 'refused'; readonly why: string }
  /** The address has the token: remember it, and go on to the address without. */
  | { readonly kind: 'welcome'; readonly path: string }
  | { readonly kind: 'known' };

/** Decides about a request from its headers and address. */
export function entryOf({ headers, url = '/' }: Pick<IncomingMessage, 'headers' | 'url'>, { names, cookie, token }: Own): Entry {
  if (!names.includes(headers.host ?? '') || !url.startsWith('/'))
    return { kind: 'refused', why: 'This name is not that of the Web UI.\n' };
  const address = new URL(`http://${headers.host}${url}`);
  const given = address.searchParams.get('token');
  if (given !== null && isSame(given, token)) {
    address.searchParams.delete('token');
    return { kind: 'welcome', path: `${address.pathname.replace(/^\/+/, '/')}${address.search}` };
  }
  const cookies = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  if (cookies.some((pair) => pair.startsWith(`${cookie}=`) && isSame(pair.slice(cookie.length + 1), token)))
    return { kind: 'known' };
  return { kind: 'refused', why: 'Open the address that `holdfast run` prints: it has the token for this Web UI.\n' };
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { host: _host, cookie: _cookie, ...headers } = incoming.headers;
  const { hostname, port } = new URL(target);
  const onward = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end('The Temporal server does not answer.\n');
  });
  incoming.pipe(onward);
}
