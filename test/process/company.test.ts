import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { createCompany } from '../../src/adapters/process/company.js';
import { holderOfPort } from '../../src/adapters/process/port-holder.js';

test('each file knows those that ran beside it, whichever began or ended first', () => {
  const company = createCompany();
  const a = company.enter('a');
  const b = company.enter('b');
  a.end();
  const c = company.enter('c');
  b.end();
  c.end();
  const d = company.enter('d');
  expect([a, b, c, d].map((stay) => stay.beside())).toEqual([['b'], ['a', 'c'], ['b'], []]);
});

test('a port is held by a test file, or else by a program', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await holderOfPort(port)).toBe(basename(process.argv[0] ?? ''));
  server.close();
  await once(server, 'close');
  expect(await holderOfPort(port)).toBeUndefined();

  const listen = "require('node:net').createServer().listen(0, '::', function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ['-e', listen], { env: { HOLDFAST_FILE: 'test/b.test.js' } });
  try {
    const [said] = await once(child.stdout, 'data');
    expect(await holderOfPort(Number(said))).toBe('test/b.test.js');
  } finally {
    child.kill();
  }
});
