import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { jsonConfig, typescriptConfig } from '../cli/init-config.js';
import type { Io } from '../cli/io.js';
import { findConfig } from '../config/find-config.js';
import { hasCode, messageOf, RunnerError } from '../core/errors.js';
import { FRAMEWORKS, type FrameworkName } from '../core/model/frameworks.js';
import { detectFramework } from '../frameworks/detect.js';

/**
 * `holdfast init`: writes a commented configuration file with the frameworks found in this folder. Throws CONFIG_INVALID if the folder
 * already has one, OUTPUT_UNWRITABLE if it cannot be written.
 */
export function initCommand(io: Io): Command {
  return new Command('init')
    .description('write a configuration file with the frameworks found here')
    .option('--framework <name>', 'framework of the suite, instead of those found')
    .option('--json', 'write holdfast.config.json instead of holdfast.config.ts')
    .action(async ({ framework, json }: { framework?: string; json?: true }) => {
      const found = await findConfig(io.cwd);
      if (found !== null && path.dirname(found) === path.resolve(io.cwd)) throw exists(found);
      const frameworks =
        framework === undefined ? await detectFramework(io.cwd) : [{ name: readFramework(framework), call: null }];
      const file = path.join(io.cwd, json ? 'holdfast.config.json' : 'holdfast.config.ts');
      await write(file, json ? jsonConfig(frameworks) : typescriptConfig(frameworks));
      const content =
        frameworks.length > 0
          ? `with ${[...new Set(frameworks.map(({ name }) => name))].join(', ')}`
          : 'with an example: no framework was found here';
      io.stdout.write(`Wrote ${path.basename(file)} ${content}. \`holdfast run\` runs it, \`holdfast config\` explains it.\n`);
    });
}

function readFramework(word: string): FrameworkName {
  const name = FRAMEWORKS.find((known) => known === word);
  if (name === undefined) throw new RunnerError('USAGE', `--framework must be one of ${FRAMEWORKS.join(', ')}, not "${word}".`);
  return name;
}

/** Creates the file; never overwrites one that appeared meanwhile. */
async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) throw exists(file);
    throw new RunnerError('OUTPUT_UNWRITABLE', `${file} cannot be written: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

const exists = (file: string) => new RunnerError('CONFIG_INVALID', `There is already a configuration: ${file}.`);
