'use strict';
// Runs playwright files together: a single call reads the configuration and starts its servers and a browser once for all of them.
// Each file is answered for as it ends, according to reporter.cjs.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { realpathSync } = require('node:fs');
const { relative } = require('node:path');
const { createInterface } = require('node:readline');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { InTurn, write } = require('../pool/in-process/in-turn.cjs');
const { killWhatIsLeft } = require('../pool/in-process/left-processes.cjs');

/** @import { Readable } from 'node:stream' */
/** @import { RunOrder } from '../pool/protocol.js' */
/** @import { PlaywrightOptions } from './adapter.js' */
/** @import { News } from './reporter.cjs' */

const { send, serve } = openChannel();
const cwd = realpathSync('.');

serve(Promise.resolve(), { run });

/** @param {RunOrder<PlaywrightOptions>} order */
async function run({ files, env, options: { argv } }) {
  /** @type {NodeJS.ProcessEnv} */
  const variables = { ...process.env, ...env };
  if (files.length > 1) delete variables.HOLDFAST_FILE; // One process runs them all.
  const child = spawn(process.execPath, argv, { cwd, env: variables, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const turns = new InTurn(files, send);
  const startedAt = performance.now();
  let filesMs = 0;
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => void write(chunk));
  for await (const text of createInterface({ input: /** @type {Readable} */ (child.stdio[3]) })) {
    /** @type {News} */
    const news = JSON.parse(text);
    if (news.kind === 'error') break; // Belongs to no file: those without an answer are rerun on their own.
    const file = relative(cwd, news.path);
    if (news.kind === 'output') await turns.say(file, news.text);
    else {
      filesMs += news.durationMs;
      await turns.end(file, { exitCode: 0, report: news.report, durationMs: news.durationMs });
    }
  }
  await ended;
  killWhatIsLeft(); // Before the last answer, since the next order follows it.
  await turns.close({ callMs: performance.now() - startedAt - filesMs });
}
