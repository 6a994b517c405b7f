import { access } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { glob } from 'tinyglobby';

/** Where Maven puts test classes, relative to the project. */
export const TEST_CLASSES = 'target/test-classes';
const SOURCES = '**/*.{java,kt,groovy,scala}';

/**
 * Returns the source file of each class, sorted and relative to the project: the one whose path ends with the class name, as
 * `x/FooTest.java` for `x.FooTest`. A class without a source file, such as a generated one, is represented by its class file.
 */
export async function filesOf(cwd: string, classes: ReadonlySet<string>): Promise<string[]> {
  const ignore = ['**/target/**', '**/node_modules/**', '**/.holdfast/**'];
  const sources = (await glob(SOURCES, { cwd, ignore, expandDirectories: false })).sort();
  const sourceOf = new Map(sources.flatMap((path) => candidatesOf(path).map((name) => [name, path] as const)));
  return [...new Set([...classes].map((name) => sourceOf.get(name) ?? classFileOf(name)))].sort();
}

/** Returns the class of a listed file; for one that is not compiled, the likely name according to Maven's folder layout. */
export async function classOf(cwd: string, file: string): Promise<string> {
  const names = file.startsWith(`${TEST_CLASSES}/`) ? candidatesOf(posix.relative(TEST_CLASSES, file)) : candidatesOf(file);
  for (const name of names) if (await isThere(join(cwd, classFileOf(name)))) return name;
  return candidatesOf(file.replace(/^src\/test\/\w+\//, ''))[0] ?? file;
}

const classFileOf = (name: string) => `${TEST_CLASSES}/${name.replaceAll('.', '/')}.class`;

/** Possible names of the class with this source path, longest first. */
function candidatesOf(path: string): string[] {
  const parts = path.replace(/\.\w+$/, '').split('/');
  return parts.map((_, index) => parts.slice(index).join('.'));
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
