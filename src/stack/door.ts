import type { Socket } from 'node:net';
import type { StackAnswer } from './stack-record.js';

/** Who is connected to a stack, and what they are told. */
export type Door = {
  /** Number of processes that use the stack now. */
  readonly users: () => number;
  /** A process has connected. */
  enter(socket: Socket): void;
  /** Tells everyone, now and later. */
  answer(answer: StackAnswer): void;
  /** Called when somebody has left. Returning true keeps their line open until this process ends, so that they can wait for that. */
  onLeave: () => Promise<boolean>;
  close(): void;
};

export function createDoor(): Door {
  const sockets = new Set<Socket>();
  let answered: StackAnswer | null = null;
  const tell = (socket: Socket, answer: StackAnswer) => void socket.write(`${JSON.stringify(answer)}\n`);
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
      if (answered) tell(socket, answered);
    },
    answer(answer) {
      answered = answer;
      for (const socket of sockets) tell(socket, answer);
    },
    close() {
      for (const socket of sockets) socket.end();
    },
  };
  return door;
}
