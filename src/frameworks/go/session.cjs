'use strict';
// Runs packages of go together: one call of `go test` looks at the module once for all of them, and builds and runs one after the
// other, each in a process of its own. Each package is answered for as soon as it has ended.

const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const { realpathSync } = require('node:fs');
const { relative } = require('node:path');
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
const { kept, keptBytes, scratch } = takeSettings();
const { send, serve } = openChannel();
const cwd = realpathSync('.');

/** Flags that go takes for one package only, and our own place in front of the test binary. */
const FOR_ONE = /^--?(test\.)?(c|o|exec|fuzz|trace|(cover|cpu|mem|block|mutex)profile)(=|$)/;
/** Flags of the linker; ours would take their place. */
const FOR_LINKER = /^--?ldflags(=|$)/;
/** What go tells the linker of a binary that it does not keep. */
const NOT_FOR_DEBUGGERS = '-ldflags=-s -w';
/** The first go that writes binaries of several packages. */
const SEVERAL_BINARIES = 21;
/** Tells a test binary, which runs in the folder of its package, which one that is. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is for the shell.
const NAME = 'd=${PWD#"$HOLDFAST_GO_ROOT"}; d=${d#/}; export HOLDFAST_FILE="${d:-.}"; unset HOLDFAST_GO_ROOT; exec "$@"';

/** What a call of go takes beside its packages, in ms, as the last one has shown. */
let callMs = 0;

/**
 * What the first of several waited longer for its start than the others, by their median: for the call as well.
 * @param {readonly number[]} waitedMs
 */
function priceOf([first = 0, ...others]) {
  const median = others.toSorted((a, b) => a - b)[others.length >> 1];
  return median === undefined ? undefined : Math.max(0, first - median);
}

serve(Promise.resolve(), { run });

/** @param {RunOrder<GoOptions>} order */
async function run({ files, env, options: { flags, toTests, listing } }) {
  const above = [...flags, ...(process.env.GOFLAGS ?? '').split(/\s+/)];
  const forOne = above.find((word) => FOR_ONE.test(word));
  if (forOne !== undefined) return send({ kind: 'cannot', reason: `go test is told ${forOne}, which is for one package` });
  const spawning = { cwd, env: { ...process.env, ...env, PWD: cwd, HOLDFAST_GO_ROOT: cwd } };
  const { release, nameOf } = await lookUp(files, listing, spawning);
  const mayKeep = release >= SEVERAL_BINARIES && !above.some((word) => FOR_LINKER.test(word));
  const variant = [flags, process.env.GOFLAGS];
  const binaries = mayKeep ? new GoBinaries({ folder: kept, mostBytes: keptBytes, scratch, variant }) : null;
  const turns = new InTurn(files, send);
  for (const together of binaries ? callsOf(files, nameOf) : [files]) {
    const packages = together.flatMap((file) => nameOf.get(file) ?? []);
    const lent = binaries?.lend(packages);
    await callGo(together, {
      flags: lent ? [...flags, NOT_FOR_DEBUGGERS, '-o', `${lent}/`] : flags,
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
 * One call of go for several packages, each of which is answered for in its turn. `keep` is called with the import path of one
 * whose binary is done with.
 * @param {readonly string[]} files
 * @param {object} how
 * @param {readonly string[]} how.flags
 * @param {readonly string[]} how.toTests
 * @param {Spawning} how.spawning
 * @param {Names} how.nameOf
 * @param {InstanceType<typeof InTurn>} how.turns
 * @param {(name: string) => void} how.keep
 */
async function callGo(files, { flags, toTests, spawning, nameOf, turns, keep }) {
  const own = ['-exec', `sh -c '${NAME}' sh`, '-p=1', '-json'];
  const packages = files.map((file) => (file === '.' ? '.' : `./${file}`));
  const child = spawn('go', [...flags, ...own, ...packages, ...toTests], { ...spawning, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').catch(() => undefined); // Where there is no go, each package says so by itself.
  const fileOf = new Map(files.map((file) => [nameOf.get(file), file]));
  const reports = new Map(files.map((file) => [file, '']));
  /** @type {number[]} */
  const waitedMs = []; // Of each, until it started, from the end of the one before: the time in which it is linked.
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
      keep(ended); // go has put its binary into its place by now, and this call may not come to its end.
      ended = null;
    }
    await turns.say(file, Output);
    reports.set(file, `${reports.get(file)}${text}\n`);
    const now = performance.now();
    if (Action === 'start') {
      waitedMs.push(now - since);
      if (waitedMs.length === 1) since = now; // What it waited for the call is not its own.
    }
    if (Test !== undefined || !/^(pass|fail|skip)$/.test(Action ?? '')) continue;
    const durationMs = Math.round(now - since);
    since = now;
    ended = Package ?? null;
    await turns.end(file, { exitCode: Action === 'fail' ? 1 : 0, report: reports.get(file), durationMs });
    reports.delete(file);
  }
  await exited;
  killWhatIsLeft(); // Before the last answer, after which the next order comes.
  callMs = priceOf(waitedMs) ?? callMs;
}

/**
 * Files in their order, divided where one comes whose binary would have the name of another's.
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
 * Import paths by folder, as far as they are known: they do not change while this process is kept.
 * @type {Map<string, string>}
 */
const names = new Map();
let release = 0;

/**
 * Which go this is (`1.release`), and the import path of each folder: a module may be called anything.
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
      () => ({ stdout: '' }), // None can be told of, so that each runs by itself.
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
 * One without a name for what is none: a program may write to the same stream.
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
