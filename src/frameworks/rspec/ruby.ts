import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { RunnerError } from '../../core/errors.js';
import type { SuiteFolder } from '../framework.js';
import { findProgram } from '../program.js';

/** The names of a Gemfile and its lock file. */
const GEMFILES = [
  ['Gemfile', 'Gemfile.lock'],
  ['gems.rb', 'gems.locked'],
] as const;

/** The command that runs Ruby with the gems of the project. Throws RunnerError FRAMEWORK_MISSING. */
export async function rubyOf(folder: SuiteFolder): Promise<readonly [string, ...string[]]> {
  const ruby = await findProgram(folder, 'ruby');
  if (ruby === null) throw new RunnerError('FRAMEWORK_MISSING', NO_RUBY);
  // The same result as `bundle exec`, including its environment variables, without an extra process.
  return (await lockOf(folder)) === null ? [ruby] : [ruby, '-rbundler/setup'];
}

/** Returns a sentence saying why RSpec cannot run here, or null. */
export async function missingRspec(folder: SuiteFolder): Promise<string | null> {
  if ((await findProgram(folder, 'ruby')) === null) return NO_RUBY;
  const [ruby, ...words] = await rubyOf(folder);
  const { exitCode, stderr } = await execa(ruby, [...words, '-e', 'require "rspec/core"'], {
    cwd: folder.cwd,
    env: folder.env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (exitCode === 0) return null;
  const lock = await lockOf(folder);
  if (lock === null) return `RSpec is not installed for ${ruby}: \`gem install rspec\`, or the package ruby-rspec of Debian.`;
  if (/cannot load such file -- bundler\/setup/.test(stderr))
    return `${lock} needs Bundler, which is not installed for ${ruby}: \`gem install bundler\`.`;
  return `The gems of ${lock} are not installed for ${ruby}: \`bundle install\`.`;
}

const NO_RUBY =
  'There is no `ruby` on the PATH of the tests: install Ruby and RSpec (`gem install rspec`, or the package ruby-rspec of Debian).';

/** The lock file of the Gemfile that Bundler would use, if it contains RSpec; null if RSpec does not come from Bundler. */
async function lockOf({ cwd, env }: SuiteFolder): Promise<string | null> {
  if (env.BUNDLE_GEMFILE) {
    const gemfile = resolve(cwd, env.BUNDLE_GEMFILE);
    return lockWithRspec(gemfile.endsWith('gems.rb') ? join(dirname(gemfile), 'gems.locked') : `${gemfile}.lock`);
  }
  for (let at = resolve(cwd); ; at = dirname(at)) {
    for (const [gemfile, lock] of GEMFILES) if (await isThere(join(at, gemfile))) return lockWithRspec(join(at, lock));
    if (at === dirname(at)) return null;
  }
}

async function lockWithRspec(lock: string): Promise<string | null> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  return /^ {4}rspec-core \(/m.test(text) ? lock : null;
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
