import { access } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { glob } from 'tinyglobby';

/** Where Maven puts the classes of tests, relative to the project. */
export const TEST_CLASSES = 'target/test-classes';
const SOURCES = '**/*.{java,kt,groovy,scala}';

/**
 * The source file of each class, sorted, relative to the project: the one whose path ends as the class is named, `x/FooTest.java` of `x.FooTest`. A class without one,
 * such as a generated one, is named by its class file.
 */
export async function filesOf(cwd: string, classes: ReadonlySet<string>): Promise<string[]> {
  const ignore = ['**/target/**', '**/node_modules/**', '**/.holdfast/**'];
  const sources = (await glob(SOURCES, { cwd, ignore, expandDirectories: false })).sort();
  const sourceOf = new Map(sources.flatMap((path) => candidatesOf(path).map((name) => [name, path] as const)));
  return [...new Set([...classes].map((name) => sourceOf.get(name) ?? classFileOf(name)))].sort();
}

/** The class that a file of the listing stands for. That of a file which is not there is what Maven's own folders make likely. */
export async function classOf(cwd: string, file: string): Promise<string> {
  const names = file.startsWith(`${TEST_CLASSES}/`) ? candidatesOf(posix.relative(TEST_CLASSES, file)) : candidatesOf(file);
  for (const name of names) if (await isThere(join(cwd, classFileOf(name)))) return name;
  return candidatesOf(file.replace(/^src\/test\/\w+\//, ''))[0] ?? file;
}

const classFileOf = (name: string) => `${TEST_CLASSES}/${name.replaceAll('.', '/')}.class`;

/** What a class could be called whose source has this path, the longest name first. */
function candidatesOf(path: string): string[] {
  const parts = path.replace(/\.\w+$/, '').split('/');
  return parts.map((_, index) => parts.slice(index).join('.'));
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
