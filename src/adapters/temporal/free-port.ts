import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** The address on which everything we start listens. */
export const LOOPBACK = '127.0.0.1';

/**
 * Finds a free loopback port that stays reserved for a minute: closing a connection from the server side leaves it in TIME_WAIT,
 * so the kernel gives the port only to a process that asks for its number. Without this, any connection opened meanwhile could
 * take the port before its intended owner listens.
 */
export async function keepFreePort(): Promise<number> {
  const server = createServer((socket) => socket.end());
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, LOOPBACK).resume();
  await once(client, 'close');
  server.close();
  await once(server, 'close');
  return port;
}
