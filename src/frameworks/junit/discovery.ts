import { join } from 'node:path';
import { packageFile } from '../../adapters/package-file.js';
import type { SuiteFolder } from '../framework.js';
import { type Listing, listingFailed, runListing } from '../listing.js';
import { consoleWords, javaCall } from './call.js';
import { TEST_CLASSES } from './classes.js';
import { type CompiledProject, classPathOf } from './project.js';

/** What `mvn test` takes for test classes by their names: the defaults of its plugin Surefire. */
const TEST_NAMES = '^(?:.*\\.)?(?:Test[^.$]*|[^.$]*(?:Tests?|TestCase))$';
const LOGGING = packageFile('src/frameworks/junit/discover.properties');
const NAMES_FLAG = /^(-n|--include-classname)(=|$)/;

/** In the console's listing, of a test: the class, or whatever the engine makes its tests of. Names are encoded as in a URL. */
const CLASS_OF_TEST = /^[\s|]*uniqueId: \[engine:[^\]]+\]\/\[[^:\]]+:([^\]]+)\]/gm;
const NOT_LOADED = /Failed to load .*\[(.+)\.class\] during classpath scanning/g;

/** Classes with tests, those that cannot be loaded among them. Throws RunnerError LISTING_FAILED with what the console says. */
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

/** The classes in a listing of the console that ran in this folder, and those that its log says could not be loaded. */
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
