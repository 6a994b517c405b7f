import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { readFlags } from '../cli/run-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { addSuiteFlags } from '../cli/with-suites.js';
import { loadSettings } from '../config/load-settings.js';
import { examine } from '../doctor/doctor.js';
import { exitCodeOf, type Finding } from '../doctor/doctor-finding.js';
import { detectFramework } from '../frameworks/index.js';
import { oneLine } from '../render/plain.js';
import { inScript, type Style, styleOf } from '../render/style.js';

/**
 * `holdfast doctor`: prints one line for each thing that a run depends on, with a remedy if it needs one. Starts nothing. With `--warm` it
 * instead runs the suites with and without warm sessions and compares them.
 */
export function doctorCommand(io: Io): Command {
  const command = addSuiteFlags(
    new Command('doctor').description('check the configuration, the server, the workers, the store and the frameworks'),
  )
    .option('--warm', 'instead run the suites with and without warm sessions, and compare')
    .option('--json', 'print JSON');
  return command.action(async ({ json, warm }: { readonly json?: true; readonly warm?: true }) => {
    const flags = readFlags(command);
    if (warm) {
      const settings = await loadSettings({ flags, env: io.env, cwd: io.cwd }, { detectFramework });
      return (await import('../doctor/doctor-warm.js')).compareWays(io, settings, { ...(json && { json }) });
    }
    const { write, ...look } = terminalOf(io.stdout, io.env);
    const style = styleOf(look);
    const findings: Finding[] = [];
    for await (const finding of examine({ flags, env: io.env, cwd: io.cwd }, io.now)) {
      findings.push(finding);
      if (!json) write(`${inScript(lineOf(finding, style), look.unicode)}\n`);
    }
    const exitCode = exitCodeOf(findings);
    if (json) write(`${JSON.stringify({ schemaVersion: 1, exitCode, findings }, null, 2)}\n`);
    io.setExitCode(exitCode);
  });
}

const WIDEST_CHECK = 'search attributes'.length;

function lineOf(finding: Finding, style: Style): string {
  const says = `${finding.check.padEnd(WIDEST_CHECK)}  ${oneLine(finding.says)}`;
  switch (finding.kind) {
    case 'ok':
      return `${style.green('ok     ')}  ${says}`;
    case 'advice':
      return `${style.yellow('advice ')}  ${says} ${oneLine(finding.remedy)}`;
    case 'problem':
      return `${style.red('problem')}  ${says} ${oneLine(finding.remedy)}${finding.code === null ? '' : ` [${finding.code}]`}`;
  }
}
