import type { Socket } from 'node:net';
import type { StackAnswer } from './stack-record.js';

/** The processes connected to a stack, and the answer they get. */
export type Door = {
  /** Number of connected processes. */
  readonly users: () => number;
  /** Adds a process that has connected. */
  enter(socket: Socket): void;
  /** Sends an answer to all connected processes, and to those that connect later. */
  answer(answer: StackAnswer): void;
  /** Called when a process has left. Return true to keep its connection open until this process ends, so that it can wait for that. */
  onLeave: () => Promise<boolean>;
  close(): void;
};

export function createDoor(): Door {
  const sockets = new Set<Socket>();
  let currentAnswer: StackAnswer | null = null;
  const send = (socket: Socket, answer: StackAnswer) => void socket.write(`${JSON.stringify(answer)}\n`);
  const door: Door = {
    users: () => sockets.size,
    onLeave: async () => false,
    enter(socket) {
      sockets.add(socket);
      const leave = () => {
        if (!sockets.delete(socket)) return;
        void door.onLeave().then((isEnding) => {
          if (!isEnding) socket.end();
        });
      };
      socket.on('error', leave).on('end', leave).on('close', leave).resume();
      if (currentAnswer) send(socket, currentAnswer);
    },
    answer(answer) {
      currentAnswer = answer;
      for (const socket of sockets) send(socket, answer);
    },
    close() {
      for (const socket of sockets) socket.end();
    },
  };
  return door;
}
