import { runCli } from './cli.js';
import type { Project } from './project.js';

/** Tells Holdfast how long files of a suite take, as if it knew: in ms, by path. */
export async function importDurations(
  project: Project,
  suite: string,
  durations: Readonly<Record<string, number>>,
): Promise<void> {
  const files = Object.entries(durations).map(([path, ms]) => ({ path, ms }));
  await project.write({ 'durations.json': JSON.stringify({ schemaVersion: 1, files }) });
  const { exitCode, stderr } = await runCli(['durations', 'import', 'durations.json', '--suite', suite], { cwd: project.root });
  if (exitCode !== 0) throw new Error(stderr);
}

/** Makes files known to be short: the window takes all of them at once, however slow the machine is. */
export async function areShort(project: Project, suite: string, paths: readonly string[]): Promise<void> {
  await importDurations(project, suite, Object.fromEntries(paths.map((path) => [path, 5])));
}
