import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { keepFreePort, LOOPBACK } from '../../src/adapters/temporal/free-port.js';

const TIME_WAIT = '06';

test('a free port is kept from connections that ask for any, and is free for who asks for it', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => keepFreePort()));
  expect(new Set(ports).size).toBe(20);
  const sockets = await socketsHere();
  for (const port of ports) expect(sockets).toContainEqual({ port, state: TIME_WAIT });
  for (const port of ports) {
    const server = createServer().listen(port, LOOPBACK);
    await once(server, 'listening');
    server.close();
  }
});

/** The kernel's own table: local addresses, in hexadecimal, with their states. */
async function socketsHere() {
  const table = await readFile('/proc/self/net/tcp', 'utf8');
  return [...table.matchAll(/^ *\d+: [0-9A-F]{8}:([0-9A-F]{4}) \S+ ([0-9A-F]{2})/gm)].map(([, port = '', state]) => ({
    port: Number.parseInt(port, 16),
    state,
  }));
}
