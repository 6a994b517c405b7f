import { createServer, connect as dial, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A stretch of network between two processes that can be made bad. */
export type TcpProxy = {
  /** `host:port` to be used instead of the target. */
  readonly address: string;
  /** Nothing passes any more, in either direction, and nobody is told: as behind a switch that died. What was sent waits. */
  block(): void;
  /** Everything takes so much longer from now on, in ms. */
  slow(ms: number): void;
  /** Ends every connection with a reset, and refuses new ones. */
  cut(): void;
  /** All is well again: what waited arrives, as TCP would repeat it. */
  heal(): void;
  close(): Promise<void>;
};

type Line = { readonly near: Socket; readonly far: Socket };

/** Opens a proxy that leads to `target` (`host:port`). */
export async function startTcpProxy(target: string, listenOn = '127.0.0.1'): Promise<TcpProxy> {
  const [host = '', port = ''] = target.split(':');
  const lines = new Set<Line>();
  let state: 'open' | 'blocked' | 'cut' = 'open';
  let slowMs = 0;
  let onHeal: (() => void)[] = [];
  const healed = () => new Promise<void>((resolve) => onHeal.push(resolve));

  const carry = async (from: Socket, to: Socket) => {
    try {
      for await (const bytes of from) {
        if (slowMs > 0) await delay(slowMs);
        if (state === 'blocked') await healed();
        if (!to.write(bytes)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
      }
      if (state === 'blocked') await healed(); // The end of a connection is not seen either.
      to.end();
    } catch {
      to.destroy();
    }
  };
  const server = createServer((near) => {
    if (state === 'cut') return void near.resetAndDestroy();
    const far = dial(Number(port), host);
    const line = { near, far };
    lines.add(line);
    const forget = () => {
      if (near.destroyed && far.destroyed) lines.delete(line);
    };
    for (const socket of [near, far]) socket.on('error', () => undefined).on('close', forget);
    void carry(near, far);
    void carry(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, listenOn, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  return {
    address: `${listenOn}:${address.port}`,
    block() {
      state = 'blocked';
    },
    slow(ms) {
      slowMs = ms;
    },
    cut() {
      state = 'cut';
      for (const { near, far } of lines) {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
    },
    heal() {
      state = 'open';
      slowMs = 0;
      for (const resolve of onHeal) resolve();
      onHeal = [];
    },
    async close() {
      for (const resolve of onHeal) resolve();
      for (const { near, far } of lines) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
