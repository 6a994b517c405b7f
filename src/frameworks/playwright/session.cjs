'use strict';
// Runs files of playwright together: one call reads the configuration, starts its servers and a browser once for all of them. reporter.cjs
// tells what became of each file, which is answered for as soon as it has ended.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { realpathSync } = require('node:fs');
const { relative } = require('node:path');
const { createInterface } = require('node:readline');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { InTurn, write } = require('../pool/in-process/in-turn.cjs');
const { killWhatIsLeft } = require('../pool/in-process/left-processes.cjs');

const channel = openChannel();
const cwd = realpathSync('.');

channel.serve({ run });

async function run({ files, env, options: { argv } }) {
  const variables = { ...process.env, ...env };
  if (files.length > 1) delete variables.HOLDFAST_FILE; // There is one for all.
  const child = spawn(process.execPath, argv, { cwd, env: variables, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const turns = new InTurn(files, channel.send);
  const beganAt = performance.now();
  let ofFilesMs = 0;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => void write(chunk));
  for await (const text of createInterface({ input: child.stdio[3] })) {
    const { path, said = '', report, durationMs = 0, isError } = JSON.parse(text);
    if (isError) break; // Not of a file: what has not been answered for runs by itself.
    const file = relative(cwd, path);
    await turns.say(file, said);
    if (report === undefined) continue;
    ofFilesMs += durationMs;
    await turns.end(file, { exitCode: 0, report, durationMs });
  }
  await ended;
  killWhatIsLeft(); // Before the last answer, after which the next order comes.
  await turns.close({ callMs: performance.now() - beganAt - ofFilesMs });
}
