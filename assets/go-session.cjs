'use strict';
// Runs packages of go together: one call of `go test` looks at the module once for all of them, and builds and runs one after the other, each in a
// process of its own. An order is a line of JSON on descriptor 3; each package of it is answered for as soon as it has ended.

const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const { realpathSync } = require('node:fs');
const { Socket } = require('node:net');
const { relative } = require('node:path');
const { createInterface } = require('node:readline');
const { promisify } = require('node:util');
const { InTurn, write } = require('./in-turn.cjs');
const { killWhatIsLeft } = require('./left-processes.cjs');

const channel = new Socket({ fd: 3 });
const answer = (told) => channel.write(`${JSON.stringify(told)}\n`);
const cwd = realpathSync('.');

/** Flags that go takes for one package only, and our own place in front of the test binary. */
const FOR_ONE = /^--?(test\.)?(c|o|exec|fuzz|trace|(cover|cpu|mem|block|mutex)profile)(=|$)/;
/** Tells a test binary, which runs in the folder of its package, which one that is. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is for the shell.
const NAME = 'd=${PWD#"$HOLDFAST_GO_ROOT"}; d=${d#/}; export HOLDFAST_FILE="${d:-.}"; unset HOLDFAST_GO_ROOT; exec "$@"';

/** What a call of go takes beside its packages, in ms, as the last one has shown. */
let callMs = 0;

/** What the first of several took longer than the others, by their median: it waits for the call as well. */
function priceOf([first, ...others]) {
  const median = others.toSorted((a, b) => a - b)[others.length >> 1];
  return median === undefined ? undefined : Math.max(0, first - median);
}

createInterface({ input: channel }).on('line', async (line) => {
  const { flags, toTests, listing, files, env } = JSON.parse(line);
  const above = [...flags, ...(process.env.GOFLAGS ?? '').split(/\s+/)].find((word) => FOR_ONE.test(word));
  if (above !== undefined) return answer({ cannot: `go test is told ${above}, which is for one package` });
  const packages = files.map((file) => (file === '.' ? '.' : `./${file}`));
  const own = ['-exec', `sh -c '${NAME}' sh`, '-p=1', '-json'];
  const options = { cwd, env: { ...process.env, ...env, PWD: cwd, HOLDFAST_GO_ROOT: cwd } };
  const child = spawn('go', [...flags, ...own, ...packages, ...toTests], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').catch(() => undefined); // Where there is no go, each package says so by itself.
  const names = namesOf(packages, listing, options);
  const turns = new InTurn(files, answer);
  const reports = new Map(files.map((file) => [file, '']));
  const tookMs = [];
  let endedAt = performance.now();
  createInterface({ input: child.stderr }).on('line', (text) => void write(`${text}\n`));
  for await (const text of createInterface({ input: child.stdout })) {
    const { Package, Test, Action, Output = '' } = eventOf(text);
    const file = Package && (await names).get(Package);
    if (file === undefined) {
      await write(Output);
      continue;
    }
    await turns.say(file, Output);
    reports.set(file, `${reports.get(file)}${text}\n`);
    if (Test !== undefined || !/^(pass|fail|skip)$/.test(Action)) continue;
    const now = performance.now();
    const durationMs = Math.max(0, now - endedAt - (tookMs.length === 0 ? callMs : 0));
    tookMs.push(now - endedAt);
    endedAt = now;
    await turns.end(file, { exitCode: Action === 'fail' ? 1 : 0, report: reports.get(file), durationMs });
    reports.delete(file);
  }
  await ended;
  killWhatIsLeft(); // Before the last answer, after which the next order comes.
  callMs = priceOf(tookMs) ?? callMs;
  await turns.close({ callMs });
});
channel.on('end', () => process.exit(0));

/** Each package's folder by its import path: a module may be called anything. */
async function namesOf(packages, listing, options) {
  const format = '{{.ImportPath}}\t{{.Dir}}';
  const { stdout } = await promisify(execFile)(
    'go',
    ['list', '-e', '-find', ...listing, '-f', format, ...packages],
    options,
  ).catch(
    () => ({ stdout: '' }), // None can be told of, so that each runs by itself.
  );
  const pairs = stdout.split('\n').map((line) => line.split('\t'));
  return new Map(pairs.flatMap(([name, dir]) => (dir ? [[name, relative(cwd, dir) || '.']] : [])));
}

/** One without a name for what is none: a program may write to the same stream. */
function eventOf(text) {
  try {
    const event = JSON.parse(text);
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return { Output: `${text}\n` };
  }
}
