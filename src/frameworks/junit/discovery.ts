import { join } from 'node:path';
import { packageFile } from '../../adapters/package-file.js';
import type { SuiteFolder } from '../framework.js';
import { type Listing, listingFailed, runListing } from '../listing.js';
import { consoleWords, javaCall } from './call.js';
import { TEST_CLASSES } from './classes.js';
import { type CompiledProject, classPathOf } from './project.js';

/** Names of test classes for `mvn test`: the defaults of the Surefire plugin. */
const TEST_NAMES = '^(?:.*\\.)?(?:Test[^.$]*|[^.$]*(?:Tests?|TestCase))$';
const LOGGING = packageFile('src/frameworks/junit/discover.properties');
const NAMES_FLAG = /^(-n|--include-classname)(=|$)/;

/** In the console's listing: the class of a test, or the engine's equivalent, URL-encoded. */
const CLASS_OF_TEST = /^[\s|]*uniqueId: \[engine:[^\]]+\]\/\[[^:\]]+:([^\]]+)\]/gm;
const NOT_LOADED = /Failed to load .*\[(.+)\.class\] during classpath scanning/g;

/** Lists classes with tests, including those that cannot be loaded. Throws RunnerError LISTING_FAILED with the console's message. */
export async function discoverClasses(folder: SuiteFolder, project: CompiledProject): Promise<ReadonlySet<string>> {
  const { args } = folder.spec;
  const { tests, runner } = classPathOf(project);
  const argv = [
    ...(await javaCall(folder, [...tests, ...runner], `-Djava.util.logging.config.file=${LOGGING}`)),
    'org.junit.platform.console.ConsoleLauncher',
    'discover',
    ...consoleWords(folder, project),
    `--scan-class-path=${TEST_CLASSES}`,
    ...(args.some((word) => NAMES_FLAG.test(word)) ? [] : [`--include-classname=${TEST_NAMES}`]),
    '--details=verbose',
    '--details-theme=ascii',
  ] as const;
  const { stdout, stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, stderr || stdout);
  return readDiscovery({ stdout, stderr, cwd: folder.cwd });
}

/** Reads the classes from the output of a listing in `cwd`, including those that the log says could not be loaded. */
export function readDiscovery({
  stdout,
  stderr,
  cwd,
}: Pick<Listing, 'stdout' | 'stderr'> & Pick<SuiteFolder, 'cwd'>): ReadonlySet<string> {
  const root = join(cwd, TEST_CLASSES, '/');
  const found = [...stdout.matchAll(CLASS_OF_TEST)].map(([, name = '']) => decodeURIComponent(name));
  const broken = [...stderr.matchAll(NOT_LOADED)].map(([, path = '']) => path.slice(root.length).replaceAll('/', '.'));
  return new Set([...found, ...broken]);
}
