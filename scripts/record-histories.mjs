// Records the histories of test/replay again, each from a small run on an embedded stack: npm run build && node scripts/record-histories.mjs [name …]
// For a workflow change that is meant to break running workflows. After any other change the saved histories must replay unchanged.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../', import.meta.url));
const cli = path.join(root, 'dist/cli.js');
const project = await mkdtemp(path.join(tmpdir(), 'holdfast-histories-'));
const wanted = process.argv.slice(2);

const shell = (scripts, more = {}) => ({
  files: scripts,
  suite: { framework: 'command', command: ['sh', '{file}'], include: ['*.sh'], heartbeatTimeoutMs: 2_000, ...more },
});
const mocha = (files, more = {}) => ({
  files: { '.mocharc.json': '{"spec":"*.js","timeout":0}', ...files },
  suite: { framework: 'mocha', include: ['*.js'], ...more },
});
const numbered = (count, script) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`${1_000 + n}.sh`, script]));
const once = (mark, first, later) => `if mkdir ${mark} 2>/dev/null; then ${first}; else ${later}; fi`;

/** The purpose of each suite, by name. */
const SUITES = {
  many: shell(
    { ...numbered(520, 'true'), '1001.sh': once('red', 'exit 1', 'true') },
    { retries: 1, retryWhen: 'end', maxRetriesTotal: 3 },
  ),
  slow: shell(numbered(6, 'sleep 30')),
  lane: shell(numbered(4, 'sleep 0.2'), { rules: [{ files: '*', serial: 'db' }] }),
  copies: shell(numbered(6, `if [ $HOLDFAST_RUN_ID = copies1 ] && mkdir late; then sleep 20; else sleep 1; fi`)),
  loss: shell(
    {
      'red.sh': once('was-red', 'exit 1', 'true'),
      'kills.sh': once('killed', `kill -9 "$(basename $HOLDFAST_WORKER)"; sleep 30`, 'true'),
      'green.sh': 'true',
    },
    { retries: 1 },
  ),
  short: mocha(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}.js`, "it('is there', () => undefined);"])), {
    warm: 'on',
  }),
  parts: mocha(
    { 'long.js': ['a', 'b', 'c', 'd'].map((name) => `it('${name}', (done) => void setTimeout(done, 1_000));`).join('\n') },
    { rules: [{ files: 'long.js', splitOverMs: 1_000 }] },
  ),
  nightly: shell({ 'a.sh': 'true' }),
};

for (const [name, { files }] of Object.entries(SUITES)) {
  await mkdir(path.join(project, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(project, name, file), text);
}
const suites = Object.fromEntries(
  Object.entries(SUITES).map(([name, { suite }]) => [name, { cwd: name, speculation: true, ...suite }]),
);
await writeFile(path.join(project, 'holdfast.config.json'), JSON.stringify({ suites }));
await symlink(path.join(root, 'node_modules'), path.join(project, 'node_modules'));

const holdfast = (...words) => execa('node', [cli, ...words], { cwd: project, reject: false, all: true });
const run = (suite, runId = `${suite}1`) => holdfast('run', '--suite', suite, '--run-id', runId, '--reporter', 'ci');

const stack = execa('node', [cli, 'dev'], { cwd: project, reject: false, env: { HOLDFAST_WORKER_SLOTS: '2' } });
const address = await new Promise((resolve, reject) => {
  stack.stdout.on('data', (data) => {
    const [, found] = /Temporal at (\S+),/.exec(String(data)) ?? [];
    if (found) resolve(found);
  });
  stack.then(({ stderr }) => reject(new Error(stderr)));
});
const connection = await Connection.connect({ address });
const client = new Client({ connection });
const { History } = proto.temporal.api.history.v1;

async function save(name, workflowId) {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  await writeFile(path.join(root, `test/replay/${name}.history.gz`), gzipSync(History.encode(history).finish()));
  console.log(`${name} (${workflowId}): ${history.events?.length ?? 0} events`);
}

/** Each returns the histories it saves, by name. */
const RECORDINGS = {
  'batched-run': async () => {
    await run('many');
    await save('batched-run', 'suite/many/many1');
    await save('batch', 'suite/many/many1/batch-1');
  },
  'cancelled-run': async () => {
    const running = run('slow');
    await untilRunning('suite/slow/slow1');
    await holdfast('cancel', 'slow/slow1');
    await running;
    await save('cancelled-run', 'suite/slow/slow1');
  },
  'run-in-lanes': async () => {
    await run('lane');
    await save('run-in-lanes', 'suite/lane/lane1');
    const [queue] = (await client.workflow.getHandle('suite/lane/lane1').describe()).taskQueue.split(' ');
    await client.workflow.getHandle(`lender/${queue}`).result();
    await save('lender', `lender/${queue}`);
  },
  'run-with-copies': async () => {
    await run('copies', 'copies0');
    await run('copies');
    await save('run-with-copies', 'suite/copies/copies1');
  },
  'run-with-retry-and-loss': async () => {
    await run('loss');
    await save('run-with-retry-and-loss', 'suite/loss/loss1');
  },
  'run-in-shared-dispatches': async () => {
    await run('short', 'short0');
    await run('short');
    await save('run-in-shared-dispatches', 'suite/short/short1');
  },
  'run-in-parts': async () => {
    await run('parts', 'parts0');
    await run('parts');
    await save('run-in-parts', 'suite/parts/parts1');
  },
  'scheduled-run': async () => {
    await holdfast('schedule', 'create', 'nightly', '--cron', '0 3 1 1 *', '--suite', 'nightly');
    await holdfast('schedule', 'trigger', 'nightly');
    for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "runSuite"' })) {
      if (!workflowId.startsWith('suite/nightly/')) continue;
      await client.workflow.getHandle(workflowId).result();
      await save('scheduled-run', workflowId);
    }
  },
};

async function untilRunning(workflowId) {
  for (;;) {
    const pending = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => null);
    if (
      pending?.raw.pendingActivities?.some(
        ({ heartbeatDetails, activityType }) => heartbeatDetails && activityType?.name === 'runFiles',
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

try {
  for (const [name, record] of Object.entries(RECORDINGS)) if (wanted.length === 0 || wanted.includes(name)) await record();
} finally {
  await connection.close();
  stack.kill('SIGTERM');
  await stack;
  await rm(project, { recursive: true, force: true });
}
