'use strict';
// Runs go packages together: a single `go test` call loads the module once, then builds and runs the packages one after another, each in
// its own process. Each package is answered for as it ends.

const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync, mkdirSync, realpathSync, renameSync } = require('node:fs');
const { join, relative } = require('node:path');
const { createInterface } = require('node:readline');
const { promisify } = require('node:util');
const { binaryOf, GoBinaries } = require('./binaries.cjs');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { InTurn, write } = require('../pool/in-process/in-turn.cjs');
const { killWhatIsLeft } = require('../pool/in-process/left-processes.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');

/** @import { RunOrder } from '../pool/protocol.js' */
/** @import { GoOptions, GoSettings } from './adapter.js' */

/** @type {GoSettings} */
const { kept, keptBytes, scratch, coverage } = takeSettings();
const { send, serve } = openChannel();
const cwd = realpathSync('.');

/** Flags that go accepts for one package only, and `-exec`, which this session sets itself. */
const FOR_ONE = /^--?(test\.)?(c|o|exec|fuzz|trace|(cover|cpu|mem|block|mutex)profile)(=|$)/;
/** Linker flags, which ours would override. */
const FOR_LINKER = /^--?ldflags(=|$)/;
/** The linker flags that go itself uses for a binary that it does not keep. */
const NOT_FOR_DEBUGGERS = '-ldflags=-s -w';
/** The first release (1.x) that can write the binaries of several packages. */
const SEVERAL_BINARIES = 21;
/** Sets HOLDFAST_FILE for a test binary, from its working directory, which is the folder of its package. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: for the shell.
const SET_FILE = 'd=${PWD#"$HOLDFAST_GO_ROOT"}; d=${d#/}; export HOLDFAST_FILE="${d:-.}"; unset HOLDFAST_GO_ROOT; exec "$@"';

/** The same, and keeps the coverage profile that go asks the binary for, which go itself joins with those of others. */
const MEASURE = `${SET_FILE.replace(' exec "$@"', '')} c="$HOLDFAST_GO_COVERAGE"; unset HOLDFAST_GO_COVERAGE; p=""; for w in "$@"; do case "$w" in -test.coverprofile=*) p="\${w#*=}";; esac; done; "$@"; s="$?"; if [ -s "$p" ]; then mkdir -p "$c/$HOLDFAST_FILE"; cp "$p" "$c/$HOLDFAST_FILE/.profile"; fi; exit "$s"`;
/** Where binaries leave their profiles, in the folders of their packages. */
const profiles = join(scratch, 'profiles');
let filesMeasured = 0;

/** Time that a go call takes beyond its packages, in ms, as measured in the last call. */
let callMs = 0;

/**
 * Estimates the time of the call itself: how much longer the first package waited for its start than the median of the others.
 * @param {readonly number[]} waitedMs
 */
function priceOf([first = 0, ...others]) {
  const median = others.toSorted((a, b) => a - b)[others.length >> 1];
  return median === undefined ? undefined : Math.max(0, first - median);
}

serve(Promise.resolve(), { run });

/** @param {RunOrder<GoOptions>} order */
async function run({ files, env, options: { flags, toTests, listing, measures } }) {
  const given = [...flags, ...(process.env.GOFLAGS ?? '').split(/\s+/)];
  const forOne = given.find((word) => FOR_ONE.test(word));
  if (forOne !== undefined)
    return send({ kind: 'cannot', reason: `go test is given ${forOne}, which works for one package only` });
  const spawning = { cwd, env: { ...process.env, ...env, PWD: cwd, HOLDFAST_GO_ROOT: cwd, HOLDFAST_GO_COVERAGE: profiles } };
  const { release, nameOf } = await lookUp(files, listing, spawning);
  const mayKeep = release >= SEVERAL_BINARIES && !given.some((word) => FOR_LINKER.test(word));
  const measuring = measures ? [`-coverprofile=${join(scratch, 'all.out')}`] : [];
  const variant = [flags, process.env.GOFLAGS];
  const binaries = mayKeep ? new GoBinaries({ folder: kept, mostBytes: keptBytes, scratch, variant }) : null;
  const turns = new InTurn(files, send);
  for (const together of binaries ? callsOf(files, nameOf) : [files]) {
    const packages = together.flatMap((file) => nameOf.get(file) ?? []);
    const lent = binaries?.lend(packages);
    await callGo(together, {
      flags: [...flags, ...measuring, ...(lent ? [NOT_FOR_DEBUGGERS, '-o', `${lent}/`] : [])],
      program: measures ? MEASURE : SET_FILE,
      toTests,
      spawning,
      nameOf,
      turns,
      keep: (name) => lent && binaries?.keep(lent, name),
    });
    if (lent) binaries?.takeBack(lent, packages);
  }
  await turns.close({ callMs });
}

/**
 * @typedef {{ cwd: string, env: NodeJS.ProcessEnv }} Spawning
 * @typedef {ReadonlyMap<string, string>} Names import paths by folder
 */

/**
 * Calls go for several packages and answers for each in turn. `keep` is called with the import path of a package whose binary go has
 * finished with.
 * @param {readonly string[]} files
 * @param {object} options
 * @param {readonly string[]} options.flags
 * @param {string} options.program for the shell that runs the binaries
 * @param {readonly string[]} options.toTests
 * @param {Spawning} options.spawning
 * @param {Names} options.nameOf
 * @param {InstanceType<typeof InTurn>} options.turns
 * @param {(name: string) => void} options.keep
 */
async function callGo(files, { flags, program, toTests, spawning, nameOf, turns, keep }) {
  const own = ['-exec', `sh -c '${program}' sh`, '-p=1', '-json'];
  const packages = files.map((file) => (file === '.' ? '.' : `./${file}`));
  const child = spawn('go', [...flags, ...own, ...packages, ...toTests], { ...spawning, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').catch(() => undefined); // Without go, each package fails on its own.
  const fileOf = new Map(files.map((file) => [nameOf.get(file), file]));
  const reports = new Map(files.map((file) => [file, '']));
  /** @type {number[]} */
  const waitedMs = []; // Per package: from the end of the previous one to its own start, the time spent linking it.
  let since = performance.now();
  /** @type {string | null} */
  let ended = null;
  createInterface({ input: child.stderr }).on('line', (text) => void write(`${text}\n`));
  for await (const text of createInterface({ input: child.stdout })) {
    const { Package, Test, Action, Output = '' } = eventOf(text);
    const file = Package && fileOf.get(Package);
    if (file === undefined) {
      await write(Output);
      continue;
    }
    if (ended !== null && ended !== Package) {
      keep(ended); // Its binary is complete by now, and this call may be killed before it ends.
      ended = null;
    }
    await turns.say(file, Output);
    reports.set(file, `${reports.get(file)}${text}\n`);
    const now = performance.now();
    if (Action === 'start') {
      waitedMs.push(now - since);
      if (waitedMs.length === 1) since = now; // Waiting for the call is not part of its own time.
    }
    if (Test !== undefined || !/^(pass|fail|skip)$/.test(Action ?? '')) continue;
    const durationMs = Math.round(now - since);
    since = now;
    ended = Package ?? null;
    await turns.end(file, { exitCode: Action === 'fail' ? 1 : 0, report: reports.get(file), durationMs, ...takeProfile(file) });
    reports.delete(file);
  }
  await exited;
  killWhatIsLeft(); // Before the last answer, since the next order follows it.
  callMs = priceOf(waitedMs) ?? callMs;
}

/**
 * Moves the profile that a package has left into a folder of its own, which is named in the answer.
 * @param {string} file
 */
function takeProfile(file) {
  const profile = join(profiles, file, '.profile');
  if (!existsSync(profile)) return {};
  const name = `${++filesMeasured}`;
  mkdirSync(join(coverage, name), { recursive: true });
  renameSync(profile, join(coverage, name, 'profile'));
  return { coverage: name };
}

/**
 * Splits the files, in order, into calls in which no two binaries have the same name.
 * @param {readonly string[]} files
 * @param {Names} nameOf
 */
function callsOf(files, nameOf) {
  /** @type {string[][]} */
  const calls = [];
  const names = new Set();
  for (const file of files) {
    const name = binaryOf(nameOf.get(file) ?? file);
    const call = names.has(name) ? undefined : calls.at(-1);
    if (call === undefined) {
      calls.push([file]);
      names.clear();
    } else call.push(file);
    names.add(name);
  }
  return calls;
}

/**
 * The import paths known so far, by folder. They do not change during the life of this process.
 * @type {Map<string, string>}
 */
const names = new Map();
let release = 0;

/**
 * Looks up the release of go (1.x) and the import path of each folder, which cannot be derived from its name.
 * @param {readonly string[]} files
 * @param {readonly string[]} listing
 * @param {Spawning} spawning
 */
async function lookUp(files, listing, spawning) {
  const unknown = files.filter((file) => !names.has(file)).map((file) => (file === '.' ? '.' : `./${file}`));
  if (unknown.length > 0) {
    const format = '{{len context.ReleaseTags}}\t{{.ImportPath}}\t{{.Dir}}';
    const list = ['list', '-e', '-find', ...listing, '-f', format, ...unknown];
    const { stdout } = await promisify(execFile)('go', list, spawning).catch(
      () => ({ stdout: '' }), // Without import paths, no package is answered for, so each is rerun on its own.
    );
    for (const [tags, name, dir] of stdout.split('\n').map((line) => line.split('\t'))) {
      if (!dir || !name) continue;
      release = Number(tags);
      names.set(relative(cwd, dir) || '.', name);
    }
  }
  return { release, nameOf: names };
}

/**
 * Parses an event. A line that is not one becomes plain output: the tests may write to the same stream.
 * @param {string} text
 * @returns {{ Package?: string, Test?: string, Action?: string, Output?: string }}
 */
function eventOf(text) {
  try {
    const event = JSON.parse(text);
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return { Output: `${text}\n` };
  }
}
