import { realpath } from 'node:fs/promises';
import type { CaseSelection } from '../../core/plan/split.js';
import type {
  Evidence,
  FileCall,
  Framework,
  Invocation,
  ProjectFiles,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { javaCall, NO_JAVA, runnerWords } from './call.js';
import { filesOf } from './classes.js';
import { discoverClasses } from './discovery.js';
import { findMaven, findOfJdk, NO_MAVEN, versionOfJunit } from './maven.js';
import { classPathOf, compiledProject, compileProject, lastCompiledProject } from './project.js';
import { readJunitRun } from './report.js';

const RUNNER = 'holdfast.Runner';

/** JUnit 5 and later in a Maven project, by JUnit's console. A test file is the source of a test class with its nested classes. */
export const junit: Framework = {
  name: 'junit',

  detect: ({ names }: ProjectFiles) => names.has('pom.xml') && names.has('src'), // Without `src` it is an aggregator of modules.

  async missing(folder: SuiteFolder): Promise<string | null> {
    if ((await findMaven(folder)) === null) return NO_MAVEN;
    return (await findOfJdk(folder, 'java')) === null ? NO_JAVA : null;
  },

  version: async (folder: SuiteFolder) => versionOfJunit((await compiledProject(folder)).jars),

  async list(folder: SuiteFolder): Promise<readonly string[]> {
    const real = { ...folder, cwd: await realpath(folder.cwd) };
    return filesOf(real.cwd, await discoverClasses(real, await compileProject(real)));
  },

  async invoke(folder: SuiteFolder, { file, scratch, selection, before = [] }: FileCall): Promise<Invocation> {
    const project = await compiledProject(folder);
    const { tests, runner } = classPathOf(project);
    const { report, words } = await runnerWords(folder, project, file, { scratch, before, ...(selection && { selection }) });
    const java = await javaCall(folder, [...tests, ...runner]);
    return { argv: [...java, RUNNER, ...words], report: { kind: 'file', path: report } };
  },

  warm: {
    isIsolated: false,
    async start(folder: SuiteFolder): Promise<SessionInvocation> {
      const { runner } = classPathOf(await compiledProject(folder));
      return { argv: [...(await javaCall(folder, runner, '--add-opens=java.base/java.io=ALL-UNNAMED')), RUNNER] };
    },
    async order(folder: SuiteFolder, [file], makeScratch, selection?: CaseSelection): Promise<SessionOrder> {
      const scratch = await makeScratch();
      const options = { scratch, isInSession: true, ...(selection && { selection }) };
      const { report, words } = await runnerWords(folder, await lastCompiledProject(folder), file, options);
      const call = Buffer.from([JSON.stringify(file), ...words].join('\0')).toString('base64');
      return { takes: 1, options: { call }, reportPath: report };
    },
  },

  read: (evidence: Evidence): Reading => readJunitRun(evidence),
};
