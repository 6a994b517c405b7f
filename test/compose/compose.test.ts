import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SERVER_PROFILE } from '../../src/adapters/temporal/server-profile.js';
import { runCli } from '../support/cli.js';
import { ROOT, serviceOf, services, volumes, withDefaults } from './compose-file.js';

const read = (file: string) => readFile(path.join(ROOT, file), 'utf8');
const DynamicConfig = z.record(z.string(), z.tuple([z.object({ value: z.union([z.string(), z.number(), z.boolean()]) })]));

const each = Object.entries(services).map(([name, service]) => ({ name, ...service }));

test('its Temporal server gets the same profile as the embedded one', async () => {
  const { environment, volumes: mounts } = serviceOf('temporal');
  const [folder, mounted] = mounts[0]?.split(':') ?? [];
  expect(path.posix.dirname(environment.DYNAMIC_CONFIG_FILE_PATH ?? '')).toBe(mounted);
  const file = path.posix.join(folder ?? '', path.posix.basename(environment.DYNAMIC_CONFIG_FILE_PATH ?? ''));
  const rules = DynamicConfig.parse(parse(await read(file)));
  expect(Object.fromEntries(Object.entries(rules).map(([key, [rule]]) => [key, rule.value]))).toEqual(SERVER_PROFILE);
});

test('its parts of Temporal are of one version', () => {
  const versions = each.flatMap(({ image }) => /^temporalio\/(?:server|admin-tools):(.+)$/.exec(image)?.[1] ?? []);
  expect(versions).toHaveLength(3);
  expect(new Set(versions).size).toBe(1);
});

test.each(['control', 'worker'])('%s runs a command that Holdfast has, as its image calls it', async (name) => {
  const { command, build } = serviceOf(name);
  expect(command).toEqual([name]);
  expect(await read(build?.dockerfile ?? '')).toContain('ENTRYPOINT ["holdfast"]');
  const { exitCode, stdout } = await runCli([...command, '--help'], { cwd: ROOT });
  expect(stdout).toContain(`holdfast ${name}`);
  expect(exitCode).toBe(0);
});

test('workers know no database', () => {
  expect(Object.keys(serviceOf('control').environment)).toContain('HOLDFAST_DATABASE_URL');
  expect(Object.keys(serviceOf('worker').environment)).not.toContain('HOLDFAST_DATABASE_URL');
});

describe.each(each)('$name', ({ image, ports, volumes: mounts, depends_on, environment }) => {
  test('is pinned to a version', () => {
    expect(image).toMatch(/:(?!latest$).+$/);
  });

  test('publishes on loopback only', () => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('mounts only what is there', async () => {
    for (const mount of mounts) {
      const source = withDefaults(mount).split(':')[0] ?? '';
      if (source.startsWith('.')) expect(await stat(path.join(ROOT, source))).toBeDefined();
      else expect(Object.keys(volumes)).toContain(source);
    }
  });

  test('waits for what its condition can be said of', () => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const needed = serviceOf(name);
      if (condition === 'service_healthy') expect(needed.healthcheck).toBeDefined();
      else expect(condition).toBe('service_completed_successfully');
    }
  });

  test('takes passwords from one variable, with a default that says what it is', () => {
    for (const [key, value] of Object.entries(environment)) {
      if (/PASSWORD|PWD/.test(key)) expect(value).toMatch(/^\$\{HOLDFAST_POSTGRES_PASSWORD:-only-for-local-use\}$/);
      expect(value).not.toMatch(/:\/\/\w+:(?!\$\{HOLDFAST_POSTGRES_PASSWORD:-only-for-local-use\}@)/);
    }
  });
});

test.each(['deploy/setup-schema.sh', 'deploy/create-namespace.sh'])('%s is a script that sh can read', async (file) => {
  const { exitCode, stderr } = await execa('sh', ['-n', path.join(ROOT, file)], { reject: false });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('the image gets all that it copies, and nothing else', async () => {
  const dockerfile = await read('deploy/Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => (sources ?? '').split(' '));
  const allowed = [...(await read('deploy/Dockerfile.dockerignore')).matchAll(/^!(.+)$/gm)].map(([, name]) => name);
  const roots = copied.map((source) => allowed.find((name) => source.startsWith(`${name}/`)) ?? source);
  expect([...new Set(roots)].sort()).toEqual(allowed.sort());
  for (const source of copied) expect(await stat(path.join(ROOT, source))).toBeDefined();
});
