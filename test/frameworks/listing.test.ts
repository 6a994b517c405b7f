import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runListing, runListingToFile } from '../../src/frameworks/listing.js';
import { binOf, findPackage } from '../../src/frameworks/resolve.js';
import { temporaryProject } from '../support/run-framework.js';

const folder = (cwd: string, env: Record<string, string> = {}) =>
  ({ cwd, env, spec: { name: 'command', args: [], cwd: '.', env: {} } }) as const;

test('a listing sees the environment of the tests and nothing else', async () => {
  const script = "console.log(JSON.stringify(Object.keys(process.env))); console.error('noise'); process.exitCode = 3;";
  const listing = await runListing(folder(await temporaryProject({}), { ONLY: 'this' }), [process.execPath, '-e', script]);
  expect(listing).toEqual({ stdout: '["ONLY"]', stderr: 'noise', exitCode: 3 });
});

test('an answer is read from its file, whatever is printed', async () => {
  const script = "console.log('noise'); fs.writeFileSync(process.argv[1], 'answer')";
  const cwd = await temporaryProject({});
  expect(await runListingToFile(folder(cwd), (path) => [process.execPath, '-e', script, path])).toBe('answer');
});

test.each([
  ['no such program', ['/no/such/program'], 'ENOENT'],
  ['killed', ['/bin/sh', '-c', 'echo last words >&2; kill -9 $$'], 'last words'],
  ['without an answer', [process.execPath, '-e', "console.error('cannot')"], 'cannot'],
] as const)('%s: a listing that failed, with what was said', async (_, argv, said) => {
  const listing = runListingToFile(folder(await temporaryProject({})), () => argv);
  await expect(listing).rejects.toMatchObject({ code: 'LISTING_FAILED', message: expect.stringContaining(said) });
});

test('a package is found where the project would find it', async () => {
  const cwd = await temporaryProject({ 'app/package.json': '{}' });
  const app = join(cwd, 'app');
  expect(await findPackage(app, 'no-such-framework')).toBeNull();
  await expect(binOf(app, 'no-such-framework')).rejects.toMatchObject({ code: 'FRAMEWORK_MISSING' });
  expect(await binOf(app, 'mocha')).toBe(join(cwd, 'node_modules/mocha/bin/mocha.js'));
  expect((await findPackage(app, 'vitest'))?.version).toMatch(/^\d+\./);
});
