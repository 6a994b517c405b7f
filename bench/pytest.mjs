// pytest and pytest-xdist at fixed versions, in a virtual environment outside the tree.
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export async function pytest() {
  const folder = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'holdfast', 'bench-pytest-9');
  const python = path.join(folder, 'bin', 'python');
  if (!(await stat(path.join(folder, 'ready')).catch(() => null))) {
    await execa('python3', ['-m', 'venv', '--clear', folder]);
    await execa(python, ['-m', 'pip', 'install', '--quiet', 'pytest==9.0.2', 'pytest-xdist==3.8.0']);
    await execa('touch', [path.join(folder, 'ready')]);
  }
  return python;
}
