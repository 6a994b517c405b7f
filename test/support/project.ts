import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkWorkflowTasks } from './workflow-tasks.js';

/** The configuration of one suite of shell scripts; what is given here outweighs the defaults of `aSuite`. */
export type SuiteConfig = Readonly<Record<string, unknown>>;

/** A folder with shell scripts as test files: each exits with 0 when it passes, and may do to its process what a test must not do. */
export type Project = {
  readonly root: string;
  /** Writes files; their folders are made. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(path: string): Promise<string>;
  /** The lines that the tests wrote into a file, such as a diary; none when it is not there. */
  lines(path: string): Promise<string[]>;
  /** Adds a suite of its own folder to the configuration: these scripts, all of them. */
  addSuite(name: string, scripts: Readonly<Record<string, string>>, config?: SuiteConfig): Promise<void>;
  /** Also fails if a workflow of its stack had a bug. */
  remove(): Promise<void>;
};

/** A project in a temporary folder, with so many slots. The caller removes it. */
export async function aProject({ slots = 2 }: { readonly slots?: number } = {}): Promise<Project> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-scenario-')));
  const suites: Record<string, SuiteConfig> = {};
  const project: Project = {
    root,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    async lines(path) {
      const text = await readFile(join(root, path), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    },
    async addSuite(name, scripts, config = {}) {
      const itself = { framework: 'command', command: ['sh', '{file}'], include: ['**/*.sh'], cwd: name };
      suites[name] = { ...itself, secondLook: false, ...config }; // What is red by chance beside others would have an attempt more.
      await project.write({
        ...Object.fromEntries(Object.entries(scripts).map(([path, text]) => [join(name, path), `${text}\n`])),
        'holdfast.config.json': JSON.stringify({ suites, worker: { slots } }, null, 2),
      });
    },
    async remove() {
      const log = await readFile(join(root, '.holdfast/stack.log'), 'utf8').catch(() => '');
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
      checkWorkflowTasks(log);
    },
  };
  await project.write({ 'holdfast.config.json': JSON.stringify({ worker: { slots } }) });
  return project;
}
