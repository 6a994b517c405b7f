import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { about } from '../../src/frameworks/rspec/about.js';
import { rspec } from '../../src/frameworks/rspec/adapter.js';
import { expectAsDocumented } from '../support/documented.js';
import { expectRow, runFramework, runsOf, suiteFolder, temporaryProject } from '../support/run-framework.js';
import { RSPEC } from './expected/rspec.js';

const fixture = join(import.meta.dirname, '../fixtures/rspec');
const folder = (cwd = fixture, args: string[] = []) => suiteFolder(rspec, cwd, { args });
const runOf = runsOf(rspec, () => folder());
const GREEN = "RSpec.describe('it') { it('is green') {} }\n";
const RED = "RSpec.describe('it') { it('is red') { raise 'red' } }\n";

describe('what RSpec leaves behind', () => {
  test.each(RSPEC)('$file: exit code $exitCode is $kind', async (expected) => {
    const { reading } = expectRow(await runOf(expected.file), expected);
    if (reading.kind === 'noTests') expect(reading.isError).toBe(about.situations.noTests === 'noTestsError');
  });

  test('what the documentation says was seen', () => {
    expectAsDocumented(about, RSPEC, {
      passes: 'spec/ok_spec.rb',
      fails: 'spec/fail_spec.rb',
      noTests: 'spec/no_tests_spec.rb',
      allSkipped: 'spec/all_skipped_spec.rb',
      killed: 'spec/sigkill_spec.rb',
      exitsZero: 'spec/exit_zero_spec.rb',
      syntaxError: 'spec/syntax_error_spec.rb',
      missingImport: 'spec/missing_require_spec.rb',
      noSuchFile: 'spec/nowhere_spec.rb',
    });
  });
});

test('a process that dies is told from one that leaves, and what it printed is kept', async () => {
  const killed = await runOf('spec/sigkill_spec.rb');
  expect(killed.reading).toMatchObject({ reason: 'rspec was ended by SIGKILL before its report was complete.' });
  expect(killed.output).toContain('about to end');
  const left = await runOf('spec/exit_zero_spec.rb');
  expect(left.reading).toMatchObject({ reason: 'rspec exited with 0 before its report was complete.' });
});

test('cases carry what pending and skip say, and their output is on both streams', async () => {
  const { reading, output } = await runOf('spec/ok_spec.rb');
  expect(reading.cases.map(({ message }) => message)).toEqual([
    null,
    'rounds to even one day',
    'not on a Monday',
    'Not yet implemented',
    null,
    null,
    null,
  ]);
  for (const text of ['set up once\nsaid on stdout\n', 'said on stderr\n', '7 examples, 0 failures, 3 pending'])
    expect(output).toContain(text);
});

test('a red case carries its message and where it failed', async () => {
  const { reading } = await runOf('spec/fail_spec.rb');
  expect(reading.cases.slice(1)).toMatchObject([
    {
      name: ['red', 'is red'],
      message: expect.stringMatching(/^expected: .*42.*\n {5}got: .*41/),
      stack: expect.stringMatching(/^Failure\/Error: expect\({ answer: 41 }\)[\s\S]*\n# \.\/spec\/fail_spec\.rb:5:/),
    },
    { name: ['red', 'raises'], message: 'ArgumentError: no such thing' },
    { name: ['red', 'is no longer pending'], message: 'Expected example to fail since it is pending, but it passed.' },
    {
      name: ['red', 'has two failures'],
      message: expect.stringMatching(/got: 1[\s\S]*got: "a"/),
      stack: expect.stringMatching(/fail_spec\.rb:13:[\s\S]*fail_spec\.rb:14:/),
    },
    { name: ['red', 'has a red hook'], message: 'RuntimeError: the hook is red' },
  ]);
  for (const { stack } of reading.cases) expect(stack ?? '').not.toContain('src/frameworks');
});

test('what fails outside of examples is a case named after the file', async () => {
  const caseOf = async (name: string) => (await runOf(`spec/${name}_spec.rb`)).reading.cases.at(-1);
  expect(await caseOf('syntax_error')).toMatchObject({
    name: ['spec/syntax_error_spec.rb'],
    message: expect.stringMatching(/^An error occurred while loading .*\nSyntaxError: .*syntax_error_spec\.rb:2:/),
  });
  expect(await caseOf('missing_require')).toMatchObject({
    message: expect.stringContaining('LoadError: cannot load such file -- nowhere_to_be_found'),
    stack: expect.stringContaining('./spec/missing_require_spec.rb:1'),
  });
  expect(await caseOf('after_hook_fails')).toMatchObject({
    message: 'An error occurred in an `after(:context)` hook.\nRuntimeError: cannot clean up',
  });
  expect(await caseOf('fails_late')).toMatchObject({
    message: 'rspec exited with 3 although no case failed; the output says why.',
  });
});

test('bytes that are no text do not break the report', async () => {
  const odd = `RSpec.describe('"\\\\ \u2028 ✓') { it('is "odd"') { raise "a\\x00\\xff\\n".b } }\n`;
  const { reading } = await runFramework(rspec, folder(await temporaryProject({ 'spec/a_spec.rb': odd })), 'spec/a_spec.rb');
  expect(reading).toMatchObject({
    kind: 'failed',
    cases: [{ name: ['"\\ \u2028 ✓', 'is "odd"'], message: 'RuntimeError: a\0\ufffd' }],
  });
});

test('formatters and options of the project stay in force', async () => {
  const cwd = await temporaryProject({
    '.rspec': '--format documentation\n--format json --out all.json\n--tag ~slow\n',
    'spec/a_spec.rb': "RSpec.describe('it') { it('is fast') {}; it('is slow', :slow) { raise } }\n",
  });
  const { reading, output } = await runFramework(rspec, folder(cwd), 'spec/a_spec.rb');
  expect(reading).toMatchObject({ kind: 'passed', cases: [{ name: ['it', 'is fast'] }] });
  expect(output).toContain('it\n  is fast\n');
  const forced = suiteFolder(rspec, cwd, { env: { SPEC_OPTS: '--format progress' } });
  expect((await runFramework(rspec, forced, 'spec/a_spec.rb')).reading.kind).toBe('passed');
});

test('a required file that fails is told for each test file', async () => {
  const cwd = await temporaryProject({
    '.rspec': '--require spec_helper\n',
    'spec/spec_helper.rb': "raise 'no database'\n",
    'spec/a_spec.rb': GREEN,
  });
  const { reading } = await runFramework(rspec, folder(cwd), 'spec/a_spec.rb');
  expect(reading).toMatchObject({
    kind: 'failed',
    cases: [{ name: ['spec/a_spec.rb'], message: 'An error occurred while loading spec_helper.\nRuntimeError: no database' }],
  });
});

const UNLISTED = ['spec/no_tests_spec.rb', 'spec/nowhere_spec.rb'];
const LISTED = RSPEC.map(({ file }) => file)
  .filter((file) => !UNLISTED.includes(file))
  .sort();

describe('the listing', () => {
  test.each([[[]], [['--format', 'json']], [['--order', 'random']]])(
    'has the files with examples, and those that cannot be loaded, with %j',
    async (args) => {
      expect(await rspec.list(folder(fixture, args))).toEqual(LISTED);
    },
  );

  test('follows options after -- and those of the project', async () => {
    const args = ['--example', 'is found', '--exclude-pattern', '**/{missing,syntax}*_spec.rb'];
    expect(await rspec.list(folder(fixture, args))).toEqual(['spec/sub/below_spec.rb']);
    const cwd = await temporaryProject({
      '.rspec': '--pattern "checks/**/*.rb"\n',
      'checks/a.rb': GREEN,
      'spec/b_spec.rb': GREEN,
    });
    expect(await rspec.list(folder(cwd))).toEqual(['checks/a.rb']);
  });

  test('is not disturbed by what the project does when a run ends', async () => {
    const cwd = await temporaryProject({ 'spec/a_spec.rb': `at_exit { exit 1 }\nputs 'noise'\n${GREEN}` });
    expect(await rspec.list(folder(cwd))).toEqual(['spec/a_spec.rb']);
  });
});

test('odd file names run as themselves', async () => {
  // Not with a line break: RSpec itself takes no such path.
  const names = ['-leading_spec.rb', 'sub/[id] (copy) {a,b}_spec.rb', 'a space and "quotes\' $HOME_spec.rb'];
  const paths = names.map((name) => `spec/${name}`);
  const cwd = await temporaryProject({
    'spec/bystander_spec.rb': RED,
    'spec/sub/bystander_too_spec.rb': RED,
    ...Object.fromEntries(paths.map((path) => [path, GREEN])),
  });
  expect(await rspec.list(folder(cwd))).toEqual([...paths, 'spec/bystander_spec.rb', 'spec/sub/bystander_too_spec.rb'].sort());
  for (const path of paths) {
    const { reading, output } = await runFramework(rspec, folder(cwd), path);
    expect({ path, cases: reading.cases.map(({ name }) => name), output }).toEqual({ path, cases: [['it', 'is green']], output });
  }
});

describe('with a Gemfile', () => {
  const GEMFILE = { Gemfile: "source 'https://rubygems.org'\ngem 'rspec'\n" };
  const gems = "RSpec.describe('gems') { it('are those of Bundler') { expect(ENV['BUNDLE_GEMFILE']).to end_with 'Gemfile' } }\n";

  test('its gems are used, as `bundle exec` has them', async () => {
    const cwd = await temporaryProject({ ...GEMFILE, 'spec/a_spec.rb': gems });
    await execa('bundle', ['install', '--local'], { cwd });
    expect(await rspec.missing(folder(cwd))).toBeNull();
    expect((await runFramework(rspec, folder(cwd), 'spec/a_spec.rb')).reading.kind).toBe('passed');
    const below = folder(join(cwd, 'spec'), ['--default-path', '.']);
    expect(await rspec.list(below)).toEqual(['a_spec.rb']);
    expect((await runFramework(rspec, below, 'a_spec.rb')).reading.kind).toBe('passed');
  });

  test('without RSpec in its lock it is not used', async () => {
    const cwd = await temporaryProject({
      ...GEMFILE,
      'Gemfile.lock': 'GEM\n  specs:\n    rack (3.0.0)\n',
      'spec/a_spec.rb': GREEN,
    });
    expect((await runFramework(rspec, folder(cwd), 'spec/a_spec.rb')).reading.kind).toBe('passed');
  });

  test('gems that are not installed are named', async () => {
    const lock =
      'GEM\n  remote: https://rubygems.org/\n  specs:\n    rspec-core (9.9.9)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rspec-core (= 9.9.9)\n';
    const cwd = await temporaryProject({ Gemfile: "gem 'rspec-core', '9.9.9'\n", 'Gemfile.lock': lock });
    expect(await rspec.missing(folder(cwd))).toMatch(
      /^The gems of .*Gemfile\.lock are not installed for .*ruby: `bundle install`\.$/,
    );
  });
});

test('what is missing is named', async () => {
  expect(await rspec.missing(folder())).toBeNull();
  expect(await rspec.version(folder())).toMatch(/^\d+\.\d+/);
  expect(await rspec.missing(suiteFolder(rspec, '/', { env: { PATH: '/nowhere' } }))).toMatch(/^There is no `ruby` on the PATH/);
  const bare = suiteFolder(rspec, fixture, { env: { RUBYOPT: '--disable-gems' } });
  expect(await rspec.missing(bare)).toMatch(/^RSpec is not installed for .*ruby: `gem install rspec`/);
});
