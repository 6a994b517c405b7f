import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import { claimFolder } from '../../adapters/results/claim-folder.js';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import type { SuiteFolder } from '../framework.js';
import { listingFailed, runListing } from '../listing.js';
import { TEST_CLASSES } from './classes.js';
import { compileTests, consoleFor, findOfJdk } from './maven.js';

const compiled = z.object({
  /** Hash of the compiled sources' state. */
  sources: z.string(),
  /** Hash of the poms that determined the class path. */
  poms: z.string(),
  /** Libraries of the tests; absolute paths. */
  jars: z.array(z.string()),
  /** JUnit's console; absolute path. */
  console: z.string(),
  /** Hash of what the runner was compiled from, including the JDK. */
  runner: z.string(),
});

/** A Maven project whose tests are compiled. */
export type CompiledProject = z.infer<typeof compiled>;

/** Relative to the project. Below `target`, so that `mvn clean` removes it. */
const OWN_FOLDER = 'target/holdfast';
const RUNNER = `${OWN_FOLDER}/runner`;
/** What the launcher loads from the runner, by interface. */
const SERVICES = { PostDiscoveryFilter: 'holdfast.SelectedCases', TestExecutionListener: 'holdfast.OwnClass' } as const;

/** By project folder: compilation in progress in this process, and the latest result. */
const underWay = new Map<string, Promise<CompiledProject>>();
const latest = new Map<string, CompiledProject>();

/** Runs Maven to compile the project, changed or not. Throws RunnerError LISTING_FAILED with Maven's message, or FRAMEWORK_MISSING. */
export async function compileProject(folder: SuiteFolder): Promise<CompiledProject> {
  await underWay.get(folder.cwd)?.catch(() => undefined); // It may have skipped compilation.
  return begin(folder, async () => compile(folder, await sourcesOf(folder)));
}

/** Returns the compiled project, compiling it first if its sources have changed. Throws like `compileProject`. */
export function compiledProject(folder: SuiteFolder): Promise<CompiledProject> {
  const compileChanged = async () => {
    const sources = await sourcesOf(folder);
    const known = await readKnown(folder);
    return known?.sources === sources ? known : compile(folder, sources);
  };
  return underWay.get(folder.cwd) ?? begin(folder, compileChanged);
}

/** Returns the project as last seen by this process. Sufficient for orders of a session, whose start has just checked it. */
export async function lastCompiledProject(folder: SuiteFolder): Promise<CompiledProject> {
  return latest.get(folder.cwd) ?? compiledProject(folder);
}

/** Class path entries of the tests and of the runner. Entries inside the project are relative to it. */
export function classPathOf({ jars, console }: CompiledProject): {
  readonly tests: readonly string[];
  readonly runner: readonly string[];
} {
  return { tests: [TEST_CLASSES, 'target/classes', ...jars], runner: [RUNNER, console] };
}

function begin({ cwd }: SuiteFolder, work: () => Promise<CompiledProject>): Promise<CompiledProject> {
  const running = work();
  underWay.set(cwd, running);
  running
    .then((project) => latest.set(cwd, project))
    .catch(() => undefined) // Callers get the error from `running`.
    .finally(() => {
      if (underWay.get(cwd) === running) underWay.delete(cwd);
    });
  return running;
}

async function compile(folder: SuiteFolder, sources: string): Promise<CompiledProject> {
  await mkdir(join(folder.cwd, OWN_FOLDER), { recursive: true });
  const release = await claim(join(folder.cwd, OWN_FOLDER));
  try {
    const known = await readKnown(folder);
    const poms = await pomsOf(folder);
    const isKnown = known?.poms === poms && (await areThere([...known.jars, known.console]));
    const classPathFile = join(folder.cwd, OWN_FOLDER, 'class-path');
    await compileTests(folder, isKnown ? null : classPathFile);
    const jars = isKnown ? known.jars : (await readFile(classPathFile, 'utf8')).trim().split(delimiter).filter(Boolean);
    const console = isKnown ? known.console : await consoleFor(folder, jars);
    const runner = await compileRunner(folder, console, known?.runner);
    const project = { sources, poms, jars, console, runner };
    const path = join(folder.cwd, OWN_FOLDER, 'project.json');
    await writeFile(`${path}.new`, JSON.stringify(project));
    await rename(`${path}.new`, path);
    return project;
  } finally {
    await release();
  }
}

/** Waits while another process compiles. Throws RunnerError STACK_BUSY after `DEFAULTS.listingTimeoutMs`. */
async function claim(path: string): Promise<() => Promise<void>> {
  const endMs = performance.now() + DEFAULTS.listingTimeoutMs;
  for (;;) {
    try {
      return await claimFolder(path);
    } catch (error) {
      if (!(error instanceof RunnerError && error.code === 'STACK_BUSY') || performance.now() > endMs) throw error;
    }
  }
}

/** Compiles the runner against the project's console, unless that is up to date. Returns its hash. */
async function compileRunner(folder: SuiteFolder, console: string, known: string | undefined): Promise<string> {
  const sources = packageFile('src/frameworks/junit/holdfast');
  const files = (await glob('*.java', { cwd: sources, absolute: true })).sort();
  const javac = await findOfJdk(folder, 'javac');
  if (javac === null)
    throw new RunnerError('FRAMEWORK_MISSING', 'There is no `javac` on the PATH of the tests, nor in JAVA_HOME.');
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const runner = hashOf([javac, console, SERVICES, ...texts]);
  const target = join(folder.cwd, RUNNER);
  if (runner === known && (await areThere([target]))) return runner;
  await rm(target, { recursive: true, force: true });
  const argv = [javac, '-d', target, '-cp', console, ...files] as const;
  const { stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, stderr);
  const services = join(target, 'META-INF/services');
  await mkdir(services, { recursive: true });
  for (const [type, service] of Object.entries(SERVICES))
    await writeFile(join(services, `org.junit.platform.launcher.${type}`), `${service}\n`);
  return runner;
}

async function readKnown({ cwd }: SuiteFolder): Promise<CompiledProject | null> {
  const text = await readFile(join(cwd, OWN_FOLDER, 'project.json'), 'utf8').catch(() => null);
  return text === null ? null : (compiled.safeParse(parsed(text)).data ?? null);
}

/** null if it is not JSON: a file that is damaged is written again. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Hash of the paths, sizes and times of everything that Maven normally compiles. */
async function sourcesOf({ cwd }: SuiteFolder): Promise<string> {
  const paths = (await glob(['pom.xml', 'src/**'], { cwd, dot: true, expandDirectories: false })).sort();
  const states = paths.map(async (path) => {
    const { size, mtimeMs } = await stat(join(cwd, path));
    return [path, size, mtimeMs];
  });
  return hashOf(await Promise.all(states));
}

/** Hash of the project's pom and of those in the folders above, which may be its parents. */
async function pomsOf({ cwd }: SuiteFolder): Promise<string> {
  const texts: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    const text = await readFile(join(folder, 'pom.xml'), 'utf8').catch(() => null);
    if (text === null) return hashOf(texts);
    texts.push(text);
  }
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

async function areThere(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return found.every((stats) => stats !== null);
}
