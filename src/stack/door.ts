import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseRequest, type StackAnswer } from './stack-record.js';

/** The processes connected to a stack, and the answer they get. */
export type Door = {
  /** Number of connected processes. */
  readonly users: () => number;
  /** Until when the stack stays for those who have left, on the clock of `performance.now`. */
  readonly staysUntilMs: () => number;
  /** Adds a process that has connected. */
  enter(socket: Socket): void;
  /** Sends an answer to all connected processes, and to those that connect later. */
  answer(answer: StackAnswer): void;
  /** From now on, whoever connects learns that the stack ends, and waits for that. */
  beginEnd(): void;
  /** Called when a process has left. Return true to keep its connection open until this process ends, so that it can wait for that. */
  onLeave: () => Promise<boolean>;
  /** Called when a process asks for the end. Returns false if it may not: others use the stack, and `ifUnused` was said. */
  onEnd: (request: { readonly ifUnused: boolean }) => Promise<boolean>;
  close(): void;
};

export function createDoor(): Door {
  const sockets = new Set<Socket>();
  let currentAnswer: StackAnswer | null = null;
  let staysUntilMs = 0;
  const send = (socket: Socket, answer: StackAnswer) => void (socket.writable && socket.write(`${JSON.stringify(answer)}\n`));
  const door: Door = {
    users: () => sockets.size,
    staysUntilMs: () => staysUntilMs,
    onLeave: async () => false,
    onEnd: async () => false,
    enter(socket) {
      sockets.add(socket);
      let stayMs = 0;
      const leave = () => {
        if (!sockets.delete(socket)) return;
        staysUntilMs = Math.max(staysUntilMs, performance.now() + stayMs);
        void door.onLeave().then((isEnding) => {
          if (!isEnding) socket.end();
        });
      };
      const take = async (line: string) => {
        const request = parseRequest(line);
        if (request?.kind === 'stay') stayMs = request.ms;
        if (request?.kind === 'end' && !(await door.onEnd(request))) send(socket, { kind: 'busy' });
      };
      socket.on('error', leave).on('end', leave).on('close', leave);
      createInterface({ input: socket })
        .on('line', (line) => void take(line))
        .on('error', () => undefined);
      if (currentAnswer) send(socket, currentAnswer);
    },
    answer(answer) {
      currentAnswer = answer;
      for (const socket of sockets) send(socket, answer);
    },
    beginEnd() {
      door.answer({ kind: 'ending' });
    },
    close() {
      for (const socket of sockets) socket.end();
    },
  };
  return door;
}
