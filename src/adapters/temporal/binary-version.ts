import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';

/** Reads the version of a Temporal CLI, such as `1.9.1 (Server 1.32.0)`; null if its output is anything else. */
export async function readBinaryVersion(binary: string): Promise<string | null> {
  const { stdout } = await execa(binary, ['--version'], { stdin: 'ignore', reject: false, timeout: DEFAULTS.firstAnswerMs });
  const [, cli, server] = /^temporal version (\S+)(?: \(Server ([^,)]+))?/.exec(stdout ?? '') ?? [];
  if (cli === undefined) return null;
  return server === undefined ? cli : `${cli} (Server ${server})`;
}
