import { execa } from 'execa';
import { packageFile } from '../package-file.js';

/** Process groups that must not outlive this process, whatever ends it. */
export interface Guard {
  add(group: number): void;
  release(group: number): void;
  /** Ends the warden, and with it every group still guarded. */
  close(): Promise<void>;
}

/** Starts the warden of this process. It has a session of its own, so that Ctrl-C does not reach it. */
export function startGuard(): Guard {
  const warden = execa(process.execPath, [packageFile('dist/warden.js')], {
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
    env: { NODE_OPTIONS: '' },
  });
  warden.stdin.on('error', () => undefined); // A warden that died is noticed by nobody but the next crash; writing to it must not throw.
  return {
    add: (group) => void warden.stdin.write(`+${group}\n`),
    release: (group) => void warden.stdin.write(`-${group}\n`),
    close: async () => {
      warden.stdin.end();
      await warden;
    },
  };
}
