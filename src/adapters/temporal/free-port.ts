import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Where everything that we start listens. */
export const LOOPBACK = '127.0.0.1';

/**
 * A port of this host's loopback that is free, and that the kernel gives to nobody who does not ask for it by its number, for a minute: one
 * connection to it was closed from its side, and waits there (TIME_WAIT). A port that was only looked up may be given to any connection that
 * is opened before the one it is meant for listens.
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
