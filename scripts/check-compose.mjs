// Tries docker-compose.yml without a container engine: its shape against the compose specification's own reader, and every command line
// in it for real, with the environment the file gives them, on programs built from the sources of the images (Go) and PostgreSQL of this
// machine. Beside the host names only ports and the address to listen on differ. Needs go, PostgreSQL and a built Holdfast; takes minutes.
//   node scripts/check-compose.mjs [folder for the programs]
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import getPort, { portNumbers } from 'get-port';
import { createJiti } from 'jiti';
import pg from 'pg';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const jiti = createJiti(import.meta.url);
const { startPostgres } = await jiti.import('../test/support/postgres.ts');
const { findTemporalBinary } = await jiti.import('../src/adapters/temporal/binary.ts');

const text = await readFile(path.join(root, 'docker-compose.yml'), 'utf8');
const serverVersion = /temporalio\/server:(\S+)/.exec(text)?.[1];
const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-compose-'));
const programs = path.resolve(process.argv[2] ?? path.join(folder, 'programs'));
const children = [];
// Temporal keeps its ports in a column that ends at 32,767.
const freePort = () => getPort({ port: portNumbers(20_000, 30_000), host: '127.0.0.1' });
const step = (what) => console.log(`• ${what}`);

async function build(program, source) {
  const target = path.join(programs, program);
  if (await readFile(target).catch(() => null)) return;
  step(`building ${program} from ${source}`);
  const gobin = await mkdtemp(path.join(programs, 'go-'));
  await execa('go', ['install', source], { env: { GOBIN: gobin }, stdio: 'inherit' });
  const built = path.basename(source.split('@')[0]).replace(/^v\d+$/, 'compose');
  await execa('mv', [path.join(gobin, built), target]);
  await rm(gobin, { recursive: true });
}

/** One service's command line, as the file has it, in its environment. */
function start(compose, name, command, { renames, ...options }) {
  const environment = Object.entries(compose.services[name].environment).map(([key, value]) => [
    key,
    renames.reduce((result, [from, to]) => result.replace(from, to), String(value)),
  ]);
  const child = execa(command[0], command.slice(1), {
    ...options,
    env: { PATH: `${programs}:${process.env.PATH}`, HOME: folder, ...Object.fromEntries(environment), ...options.env },
    extendEnv: false,
    all: true,
    reject: false,
  });
  children.push(child);
  return child;
}

async function succeed(what, child) {
  const { exitCode, all } = await child;
  if (exitCode !== 0) throw new Error(`${what} ended with ${exitCode}:\n${all}`);
  step(`${what}: exit code 0`);
  return all;
}

async function untilSaying(what, child, pattern) {
  let said = '';
  await new Promise((resolve, reject) => {
    child.all.on('data', (data) => {
      said += data;
      if (pattern.test(said)) resolve();
    });
    child.then(() => reject(new Error(`${what} ended: ${said}`)));
  });
  step(`${what}: ${pattern.exec(said)[0]}`);
}

await mkdir(programs, { recursive: true });
const postgres = await startPostgres();
try {
  await build('compose-spec', 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2');
  await build('temporal-server', `go.temporal.io/server/cmd/server@v${serverVersion}`);
  await build('temporal-sql-tool', `go.temporal.io/server/cmd/tools/sql@v${serverVersion}`);
  await symlink(await findTemporalBinary(process.env, step), path.join(programs, 'temporal')).catch(() => undefined); // There from last time.

  await succeed(
    'the compose specification’s reader',
    execa(path.join(programs, 'compose-spec'), ['docker-compose.yml'], { cwd: root, all: true, reject: false }),
  );
  const rules = path.join(root, 'deploy/dynamicconfig/holdfast.yaml');
  const verdict = await succeed(
    'the server’s reader of its dynamic configuration',
    execa(path.join(programs, 'temporal-server'), ['validate-dynamic-config', rules], { all: true, reject: false }),
  );
  if (/warning|error/.test(verdict)) throw new Error(verdict);

  const { port: postgresPort, password } = new URL(postgres.url);
  const values = { HOLDFAST_POSTGRES_PASSWORD: password };
  const compose = parse(
    text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name, value) => values[name] ?? value),
    { merge: true },
  );
  const port = await freePort();
  const renames = [
    ['@postgres:5432', `@127.0.0.1:${postgresPort}`],
    [/^postgres$/, '127.0.0.1'],
    [/^5432$/, postgresPort],
    ['temporal:7233', `127.0.0.1:${port}`],
    [/^0\.0\.0\.0$/, '127.0.0.1'],
    ['/etc/temporal/config/dynamicconfig', path.join(root, 'deploy/dynamicconfig')],
    ['/var/lib/holdfast', path.join(folder, 'holdfast')],
  ];
  const admin = new pg.Client(postgres.url);
  await admin.connect();
  await admin.query('CREATE DATABASE holdfast'); // By the image, from POSTGRES_DB.
  await admin.end();

  const script = (name) => compose.services[name].command.map((word) => word.replace('/opt', path.join(root, 'deploy')));
  for (const time of ['first', 'second'])
    await succeed(`temporal-schema, the ${time} time`, start(compose, 'temporal-schema', script('temporal-schema'), { renames }));

  const ports = {};
  for (const service of ['FRONTEND', 'MATCHING', 'HISTORY', 'WORKER']) {
    for (const kind of ['GRPC', 'MEMBERSHIP']) ports[`${service}_${kind}_PORT`] = String(await freePort());
  }
  const server = start(compose, 'temporal', ['temporal-server', 'start'], {
    renames,
    env: { ...ports, FRONTEND_GRPC_PORT: String(port), FRONTEND_HTTP_PORT: String(await freePort()) },
  });
  const ended = server.then(({ exitCode, all }) => {
    throw new Error(`temporal ended with ${exitCode}:\n${all.slice(-2_000)}`);
  });
  ended.catch(() => undefined); // Expected at the end.
  for (const time of ['first', 'second']) {
    const job = start(compose, 'temporal-namespace', script('temporal-namespace'), { renames });
    await Promise.race([succeed(`temporal-namespace, the ${time} time`, job), ended]);
  }

  const project = path.join(folder, 'project');
  await mkdir(project);
  await writeFile(
    path.join(project, 'holdfast.config.json'),
    JSON.stringify({ suites: { unit: { framework: 'command', command: ['sh', '{file}'], include: ['*.sh'] } } }),
  );
  for (const name of ['a', 'b', 'c']) await writeFile(path.join(project, `${name}.sh`), 'sleep 0.1\n');
  const holdfast = (name) => [process.execPath, path.join(root, 'dist/cli.js'), ...compose.services[name].command];
  await untilSaying(
    'control',
    start(compose, 'control', holdfast('control'), { renames, cwd: folder }),
    /polls holdfast\.control/,
  );
  await untilSaying('worker', start(compose, 'worker', holdfast('worker'), { renames, cwd: project }), /polls holdfast\.tests.*/);
  const laptop = { cwd: project, env: { TEMPORAL_ADDRESS: `127.0.0.1:${port}` }, all: true, reject: false };
  console.log(await succeed('holdfast run', execa(process.execPath, [path.join(root, 'dist/cli.js'), 'run'], laptop)));
  console.log(await succeed('holdfast list', execa(process.execPath, [path.join(root, 'dist/cli.js'), 'list'], laptop)));
} finally {
  for (const child of children.reverse()) child.kill('SIGTERM');
  await Promise.all(children);
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
