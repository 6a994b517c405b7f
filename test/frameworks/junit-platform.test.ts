import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/junit/about.js';
import { junit } from '../../src/frameworks/junit/adapter.js';
import { classOf, filesOf } from '../../src/frameworks/junit/classes.js';
import { readDiscovery } from '../../src/frameworks/junit/discovery.js';
import { consoleFor } from '../../src/frameworks/junit/maven.js';
import { expectAsDocumented } from '../support/documented.js';
import { namesOf } from '../support/expected.js';
import { expectRow, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { JUNIT, sourceOf } from './expected/junit.js';

const fixture = join(import.meta.dirname, '../fixtures/junit');
const folder = (args: string[] = []) => suiteFolder(junit, fixture, { args });
/** A start of Java and, for who comes first, of Maven. */
const PATIENCE = { timeout: 240_000 };

const runOf = runsOf(junit, () => folder());

describe('what JUnit leaves behind', () => {
  test.each(JUNIT)('$file: exit code $exitCode is $kind', PATIENCE, async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
  });

  test('what the documentation says was seen', () => {
    const notCompiled = { file: 'what does not compile', kind: 'failed' } as const; // The test of that name has seen it.
    expectAsDocumented(about, [...JUNIT, notCompiled], {
      passes: sourceOf('CalculatorTest'),
      fails: sourceOf('FailsTest'),
      noTests: sourceOf('EmptyTest'),
      allSkipped: sourceOf('DisabledTest'),
      killed: sourceOf('KilledTest'),
      exitsZero: sourceOf('ExitTest'),
      syntaxError: notCompiled.file,
      missingImport: notCompiled.file,
      noSuchFile: sourceOf('NowhereTest'),
    });
  });
});

test('a case that did not run says why, and what a class printed is the output of its file', PATIENCE, async () => {
  const { reading, output } = await runOf(sourceOf('CalculatorTest'));
  expect(reading.cases).toContainEqual(expect.objectContaining({ status: 'skipped', message: 'not on a Monday' }));
  expect(reading.cases).toContainEqual(expect.objectContaining({ status: 'skipped', message: 'there is no database' }));
  expect(reading.cases.every((one) => one.output === undefined)).toBe(true);
  expect(output).toContain('to standard output\n');
  expect(output).toContain('to standard error\n');
});

test('a red case has its message and its stack', PATIENCE, async () => {
  const { reading } = await runOf(sourceOf('FailsTest'));
  expect(reading.cases).toContainEqual(
    expect.objectContaining({
      name: ['red()'],
      message: 'expected: <42> but was: <41>',
      stack: expect.stringContaining('at example.FailsTest.red(FailsTest.java:'),
    }),
  );
});

test('some of its cases, and all but these', PATIENCE, async () => {
  const names = [['Inside', 'Deeper', 'works()'], ['adds(int, int, int)'], ['made()']];
  const namesIn = async (kind: 'only' | 'except') => {
    const { reading } = await runFramework(junit, folder(), sourceOf('CalculatorTest'), { kind, names });
    return namesOf(reading.cases);
  };
  const isNamed = (name: string) => /works\(\)|adds\(int|made\(\)/.test(name);
  const all = JUNIT[0]?.names ?? [];
  expect(await namesIn('only')).toEqual(all.filter(isNamed));
  expect(await namesIn('except')).toEqual(all.filter((name) => !isNamed(name)));
});

test('lists the sources of test classes, by the names that Maven goes by', PATIENCE, async () => {
  const names = ['BeforeAllTest', 'CalculatorTest', 'DisabledTest', 'ExitTest', 'FailsTest', 'FirstTest', 'HaltTest'];
  names.push('KilledTest', 'LeavesThreadTest', 'RedAfterOthersTest', 'SecondTest', 'SlowTest');
  expect(await junit.list(folder())).toEqual(names.map(sourceOf));
  expect(await junit.list(folder(['--include-classname=.*Checks']))).toEqual([sourceOf('NotByNameChecks')]);
  expect(await junit.version(folder())).toBe('5.13.4');
});

describe('a listing of the console', () => {
  const line = (id: string) => `| | |  uniqueId: ${id}`;
  test.each([
    ['a test', line('[engine:junit-jupiter]/[class:a.FooTest]/[method:x()]'), ['a.FooTest']],
    ['one in a nested class', line('[engine:junit-jupiter]/[class:a.FooTest]/[nested-class:In]/[method:x()]'), ['a.FooTest']],
    ['one of JUnit 4', line('[engine:junit-vintage]/[runner:a.OldTest]/[test:x(a.OldTest)]'), ['a.OldTest']],
    ['a suite', line('[engine:junit-platform-suite]/[suite:a.AllTests]/[engine:junit-jupiter]/[class:a.B]'), ['a.AllTests']],
    ['a name with special characters', line('[engine:x]/[spec:a.%5BTest%5D]/[test:y]'), ['a.[Test]']],
    ['an engine without tests', '|  uniqueId: [engine:junit-platform-suite]', []],
  ])('%s', (_what, stdout, classes) => {
    expect([...readDiscovery({ stdout, stderr: '', cwd: '/p' })]).toEqual(classes);
  });

  test.each(['Failed to load', 'Failed to load java.lang.Class for path'])('what cannot be loaded is listed: %s', (words) => {
    const stderr = `FINE: ${words} [/p/target/test-classes/a/b/BrokenTest.class] during classpath scanning.\njava.lang.NoClassDefFoundError`;
    expect([...readDiscovery({ stdout: '', stderr, cwd: '/p' })]).toEqual(['a.b.BrokenTest']);
  });
});

test('a file is the class that its path ends in, whatever the folder of the sources', async () => {
  const cwd = await temporaryProject({
    'src/test/java/x/FooTest.java': '',
    'tests/kotlin/y/BarTest.kt': '',
    ...Object.fromEntries(['x/FooTest', 'y/BarTest', 'z/MadeTest'].map((name) => [`target/test-classes/${name}.class`, ''])),
  });
  const files = ['src/test/java/x/FooTest.java', 'target/test-classes/z/MadeTest.class', 'tests/kotlin/y/BarTest.kt'];
  expect(await filesOf(cwd, new Set(['y.BarTest', 'x.FooTest', 'z.MadeTest']))).toEqual(files);
  expect(await Promise.all(files.map((file) => classOf(cwd, file)))).toEqual(['x.FooTest', 'z.MadeTest', 'y.BarTest']);
  expect(await classOf(cwd, 'src/test/java/x/GoneTest.java')).toBe('x.GoneTest');
});

test('what does not compile fails the listing, with the compiler’s message', PATIENCE, async () => {
  const broken = 'package x;\n\nimport org.example.Nowhere;\n\nclass FooTest {}\n';
  const pom = await readFile(join(fixture, 'pom.xml'), 'utf8');
  const cwd = await temporaryProject({ 'pom.xml': pom, 'src/test/java/x/FooTest.java': broken });
  const failing = junit.list(suiteFolder(junit, cwd));
  await expect(failing).rejects.toMatchObject({ code: 'LISTING_FAILED' });
  await expect(failing).rejects.toThrow(/FooTest\.java:\[3,19\] package org\.example does not exist/);
  await expect(failing).rejects.not.toThrow('Re-run Maven');
});

describe('the console', () => {
  /** A local repository with JUnit's platform in a version, and a Maven that fetches nothing. */
  const project = async (version: string) => {
    const jar = `repository/org/junit/platform/junit-platform-commons/${version}/junit-platform-commons-${version}.jar`;
    const cwd = await temporaryProject({ [jar]: '', mvnw: '#!/bin/sh\necho "[ERROR] no network"\nexit 1\n' });
    await chmod(join(cwd, 'mvnw'), 0o755);
    return { folder: suiteFolder(junit, cwd), jars: [join(cwd, jar)], cwd };
  };

  test('is the one of the class path, else the one beside JUnit’s platform', async () => {
    const { folder, jars, cwd } = await project('1.13.4');
    const own = '/home/me/junit-platform-console-standalone-1.13.4.jar';
    expect(await consoleFor(folder, [...jars, own])).toBe(own);
    const beside = 'repository/org/junit/platform/junit-platform-console-standalone/1.13.4';
    await mkdir(join(cwd, beside), { recursive: true });
    const path = join(cwd, beside, 'junit-platform-console-standalone-1.13.4.jar');
    await writeFile(path, '');
    expect(await consoleFor(folder, jars)).toBe(path);
  });

  test.each([
    ['1.13.4', /console-standalone:1\.13\.4, is not in the local .* could not fetch it.*`mvn dependency:get -Dartifact=/],
    ['1.9.3', /JUnit 5\.10 or later is needed, and .* has JUnit Platform 1\.9\.3/],
  ])('of %s is missing: says why, and what to do', async (version, message) => {
    const { folder, jars } = await project(version);
    await expect(consoleFor(folder, jars)).rejects.toMatchObject({ code: 'FRAMEWORK_MISSING' });
    await expect(consoleFor(folder, jars)).rejects.toThrow(message);
    await expect(consoleFor(folder, [])).rejects.toThrow('have no JUnit 5 or later on their class path');
  });
});

test('a missing Maven and a missing Java are named', async () => {
  expect(await junit.missing(folder())).toBeNull();
  expect(await junit.missing(suiteFolder(junit, '/', { env: { PATH: '/nowhere' } }))).toMatch('There is no Maven');
  expect(await junit.missing(suiteFolder(junit, fixture, { env: { JAVA_HOME: '/nowhere' } }))).toMatch('There is no `java`');
});
