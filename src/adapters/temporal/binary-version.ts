import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';

/** What a Temporal CLI says of itself, such as `1.9.1 (Server 1.32.0)`; null when it says nothing of the kind. */
export async function readBinaryVersion(binary: string): Promise<string | null> {
  const { stdout } = await execa(binary, ['--version'], { stdin: 'ignore', reject: false, timeout: DEFAULTS.firstAnswerMs });
  const [, cli, server] = /^temporal version (\S+)(?: \(Server ([^,)]+))?/.exec(stdout ?? '') ?? [];
  if (cli === undefined) return null;
  return server === undefined ? cli : `${cli} (Server ${server})`;
}
