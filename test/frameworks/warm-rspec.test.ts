import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rspec } from '../../src/frameworks/rspec/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, expectSame, inOneDispatch, kindOf, running, shape } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { RSPEC } from './expected/rspec.js';

const fixture = join(import.meta.dirname, '../fixtures/rspec');
const spec = (body: string) => `RSpec.describe('it') { it('runs') { ${body} } }\n`;
/** Who the process is, its parent, and who loaded the set-up file. */
const SAYING = 'puts "pid #{Process.pid} under #{Process.ppid}, set up by #{$set_up_by}, chance #{rand}";';
const HELPED = { '.rspec': '--require spec_helper\n', 'spec/spec_helper.rb': '$set_up_by = Process.pid\n' };

function printedBy({ output }: FileRun) {
  const [, pid, parent, setUpBy, chance] = /pid (\d+) under (\d+), set up by (\d*), chance (\S+)/.exec(output) ?? [];
  return { pid, parent, setUpBy, chance };
}

const inOneProcess = async (files: Readonly<Record<string, string>>) => {
  const cwd = await temporaryProject({ ...HELPED, ...files });
  return { run: running(cwd, aWarmWorker(), rspec), alone: running(cwd, cold, rspec) };
};

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker();
  const run = running(fixture, worker, rspec);
  for (const expected of RSPEC) {
    const result = await run(expected.file);
    expectSame(result, expected);
    expect(result.redAfter).toBeUndefined();
  }
  expect(worker.log).toEqual([]);
});

test('files that are asked for at once have output and times of their own', async () => {
  const worker = aWarmWorker();
  const runs = await inOneDispatch(running(fixture, worker, rspec), [
    'spec/ok_spec.rb',
    'spec/fail_spec.rb',
    'spec/slow_spec.rb',
  ]);
  expect(runs.map(kindOf)).toEqual(['passed', 'failed', 'passed']);
  expect(runs[0]?.output).toContain('said on stderr');
  expect(runs[2]?.output).not.toContain('said on');
  expect(runs[2]?.durationMs).toBeGreaterThanOrEqual(200);
});

test('what every run requires is loaded once, and nothing of a file is left when the next one begins', async () => {
  const body = `${SAYING} puts "attempt #{ENV['HOLDFAST_ATTEMPT']}"; puts "child #{spawn('sleep 300')}"
    expect(Dir.glob('/proc/self/fd/*').select { |path| File.socket?(path) }).to be_empty
    expect(ENV).not_to have_key('LEFT'); expect($left).to be_nil
    $left = ENV['LEFT'] = '1'; Dir.chdir('/'); $LOAD_PATH.unshift('/nowhere')`;
  const { run } = await inOneProcess({ 'spec/a_spec.rb': spec(body), 'spec/b_spec.rb': spec(body) });
  const [a, b] = [await run('spec/a_spec.rb'), await run('spec/b_spec.rb', { attempt: 2 })];
  expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
  expect(printedBy(a).parent).toBe(printedBy(b).parent);
  expect([printedBy(a).setUpBy, printedBy(b).setUpBy]).toEqual([printedBy(a).parent, printedBy(a).parent]);
  expect(printedBy(a).chance).not.toBe(printedBy(b).chance);
  expect(b.output).toContain('attempt 2');
  expect(b.output).not.toContain('attempt 1');
  for (const { output } of [a, b])
    await until('what it left over is gone', async () => !(await isAlive(Number(/child (\d+)/.exec(output)?.[1]))));
});

test.each([
  ['require', "# frozen_string_literal: true\n\nrequire 'rails_helper'\n"],
  ['require_relative', "require_relative('rails_helper')\n"],
])('a helper that files %s before anything else is loaded once, and for no other file', async (_, first) => {
  const { run } = await inOneProcess({
    'spec/rails_helper.rb': "require 'spec_helper'\n$set_up_by = Process.pid\n$has_rails = true\n",
    'spec/a_spec.rb': `${first}${spec(`${SAYING} expect($has_rails).to be true`)}`,
    'spec/b_spec.rb': `${first}${spec(`${SAYING} expect($has_rails).to be true`)}`,
    'spec/c_spec.rb': spec(`${SAYING} expect($has_rails).to be_nil`),
    'spec/d_spec.rb': `require 'json'\n${first}${spec(`${SAYING} expect($has_rails).to be true`)}`,
  });
  const runs = [];
  for (const name of ['a', 'c', 'b', 'd']) runs.push(await run(`spec/${name}_spec.rb`));
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed', 'passed']);
  const [a, c, b, d] = runs.map(printedBy);
  expect([a?.setUpBy, b?.setUpBy, c?.setUpBy, d?.setUpBy]).toEqual([a?.parent, a?.parent, c?.parent, d?.pid]);
  expect(b?.parent).toBe(a?.parent);
  expect(c?.parent).not.toBe(a?.parent);
});

test.each([
  ['a thread', 'Thread.new { sleep }'],
  ['a socket', "require 'socket'; $server = TCPServer.new('127.0.0.1', 0)"],
  ['a child process', "spawn('sleep 300')"],
])('a set-up file that makes %s is loaded for each file', async (_, what) => {
  const helper = `$set_up_by = Process.pid\n${what}\n`;
  const { run } = await inOneProcess({
    'spec/spec_helper.rb': helper,
    'spec/a_spec.rb': spec(SAYING),
    'spec/b_spec.rb': spec(SAYING),
  });
  const runs = [await run('spec/a_spec.rb'), await run('spec/b_spec.rb')];
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  for (const { pid, setUpBy } of runs.map(printedBy)) expect(setUpBy).toBe(pid);
  expect(printedBy(runs[0] as FileRun).parent).toBe(printedBy(runs[1] as FileRun).parent);
});

test.each([
  ['fails', "raise 'no database'"],
  ['leaves', 'exit 0'],
  ['cannot be loaded', 'def'],
])('a set-up file that %s is told of each file, as by itself', async (_, helper) => {
  const { run, alone } = await inOneProcess({ 'spec/spec_helper.rb': helper, 'spec/a_spec.rb': spec('') });
  const together = await run('spec/a_spec.rb');
  expect(shape(together)).toEqual(shape(await alone('spec/a_spec.rb')));
  expect(kindOf(together)).toBe('failed');
});

describe('chance', () => {
  const seeded = (how: string) => ({
    'spec/spec_helper.rb': `RSpec.configure { |config| ${how} }\n`,
    ...Object.fromEntries(
      ['a', 'b'].map((name) => [`spec/${name}_spec.rb`, spec('puts "seed #{RSpec.configuration.seed} chance #{rand}"')]),
    ),
  });
  const both = async (how: string) => {
    const { run } = await inOneProcess(seeded(how));
    const outputs = [(await run('spec/a_spec.rb')).output, (await run('spec/b_spec.rb')).output];
    return outputs.map((output) => /seed (\d+) chance (\S+)/.exec(output)?.slice(1) ?? []);
  };

  test('is each file its own, and follows the seed where the project says so', async () => {
    const [[seed, chance], [otherSeed, otherChance]] = (await both('srand config.seed')) as [string[], string[]];
    expect(otherChance).not.toBe(chance);
    for (const [from, to] of [
      [seed, chance],
      [otherSeed, otherChance],
    ])
      expect(from && to).toBeTruthy();
    expect(otherSeed).not.toBe(seed);
  });

  test('is the same for all where the project says which', async () => {
    const [a, b] = await both('config.seed = 42; srand 7');
    expect(a).toEqual(b);
    expect(a?.[0]).toBe('42');
  });
});

test('some of its cases', async () => {
  const body = "RSpec.describe('a') { it('one') {}; it('two') {}; describe('b') { it('one') {}; it { expect(1).to eq 1 } } }\n";
  const { run } = await inOneProcess({ 'spec/a_spec.rb': body });
  const only = await run('spec/a_spec.rb', { selection: { kind: 'only', names: [['a', 'b', 'one']] } });
  expect(only.end).toMatchObject({ kind: 'passed', left: 3, cases: [{ name: ['a', 'b', 'one'] }] });
  const except = await run('spec/a_spec.rb', { selection: { kind: 'except', names: [['a', 'b', 'one']] } });
  expect(except.end).toMatchObject({ kind: 'passed', left: 1 });
  expect(shape(except).names).toEqual(['passed a > one', 'passed a > two', 'passed a > b > is expected to eq 1']);
});

test('a file that kills everything costs itself alone', async () => {
  const kills =
    'Process.kill(:KILL, Process.ppid) if File.read("/proc/#{Process.ppid}/cmdline").start_with?("rspec"); Process.kill(:KILL, Process.pid)';
  const { run } = await inOneProcess({
    'spec/a_spec.rb': spec(SAYING),
    'spec/b_spec.rb': spec(kills),
    'spec/c_spec.rb': spec(SAYING),
  });
  const [a, b, c] = [await run('spec/a_spec.rb'), await run('spec/b_spec.rb'), await run('spec/c_spec.rb')];
  expect([a, b, c].map(kindOf)).toEqual(['passed', 'crashed', 'passed']);
  expect(printedBy(c).parent).not.toBe(printedBy(a).parent);
});

test('at the timeout the process of the file ends, too', async () => {
  const { run } = await inOneProcess({ 'spec/a_spec.rb': spec(''), 'spec/b_spec.rb': spec(`${SAYING} sleep`) });
  await run('spec/a_spec.rb'); // The start of the program is no part of what the timeout is for.
  const late = await run('spec/b_spec.rb', { timeoutMs: 4_000 });
  expect(late.end).toMatchObject({ kind: 'timedOut', timeoutMs: 4_000 });
  await until('it is gone', async () => !(await isAlive(Number(printedBy(late).pid))));
});
