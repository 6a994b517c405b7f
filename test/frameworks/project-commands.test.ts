import { expect, test } from 'vitest';
import { type Package, type Packages, packagesIn } from '../../src/frameworks/script/packages.js';
import { commandsOfScript } from '../../src/frameworks/script/project-commands.js';
import { readShellLine } from '../../src/frameworks/script/shell-line.js';
import { temporaryProject } from '../support/run-framework.js';

/** Folders of packages, with their scripts. Each but the project itself is a workspace named `@our/FOLDER`. */
type Folders = Readonly<Record<string, Readonly<Record<string, string>>>>;

const packages = (folders: Folders): Packages => {
  const packageIn = (folder: string): Package | null => {
    const scripts = folders[folder];
    return scripts === undefined ? null : { folder, name: `@our/${folder.split('/').at(-1)}`, scripts };
  };
  return {
    in: async (folder) => packageIn(folder),
    workspaces: async () => Object.keys(folders).flatMap((folder) => (folder === '.' ? [] : (packageIn(folder) ?? []))),
  };
};

const read = (test: string, scripts: Record<string, string> = {}, folders: Folders = {}) =>
  commandsOfScript('test', '.', packages({ '.': { test, ...scripts }, ...folders }));

const commands = async (...project: Parameters<typeof read>) =>
  (await read(...project)).commands.map(({ words, env, cwd }) => ({
    words: words.map((word) => (typeof word === 'string' ? word : `(${word.glob})`)).join(' '),
    ...(Object.keys(env).length > 0 && { env }),
    ...(cwd !== '.' && { cwd }),
  }));

type Found = Awaited<ReturnType<typeof commands>>;

test.each<[script: string, found: Found]>([
  ["mocha -r tsx 'src/**/*.spec.ts'", [{ words: 'mocha -r tsx src/**/*.spec.ts' }]],
  ['mocha test/*.js test/acceptance/*.js', [{ words: 'mocha (test/*.js) (test/acceptance/*.js)' }]],
  ['NODE_ENV=test mocha', [{ words: 'mocha', env: { NODE_ENV: 'test' } }]],
  ['cross-env NODE_ENV=test TZ=UTC jest --ci', [{ words: 'jest --ci', env: { NODE_ENV: 'test', TZ: 'UTC' } }]],
  [
    "glob -c 'tsx --test --test-only' 'test/**/*.ts'",
    [{ words: 'node --enable-source-maps --import tsx --test --test-only test/**/*.ts' }],
  ],
  [
    'tsx --test',
    [{ words: 'node --enable-source-maps --import tsx --test **/{test,test/**/*,test-*,*[.-_]test}.?(c|m)@(t|j)s' }],
  ],
  ['tsx ./node_modules/mocha/bin/mocha.js a', [{ words: 'mocha a', env: { NODE_OPTIONS: '--import tsx' } }]],
  ['c8 --reporter lcov -n src node ./node_modules/mocha/bin/mocha.js a', [{ words: 'mocha a' }]],
  ['nyc --reporter=html mocha', [{ words: 'mocha' }]],
  ['npx --yes vitest run --config conf/unit.ts --dir unit', [{ words: 'vitest run --config conf/unit.ts --dir unit' }]],
  ['dotenv -e .env.test -- jest', [{ words: 'jest' }]],
  ['node --import tsx --test src/a.spec.ts', [{ words: 'node --import tsx --test src/a.spec.ts' }]],
  [
    'NODE_OPTIONS=--no-warnings node --experimental-vm-modules node_modules/jest/bin/jest.js -i',
    [{ words: 'jest -i', env: { NODE_OPTIONS: '--no-warnings --experimental-vm-modules' } }],
  ],
  ['eslint . && mocha --exit', [{ words: 'eslint .' }, { words: 'mocha --exit' }]],
  ['cd packages/core && vitest run', [{ words: 'vitest run', cwd: 'packages/core' }]],
  ['(cd a && mocha) && jest', [{ words: 'mocha', cwd: 'a' }, { words: 'jest' }]],
  ['mocha 2>&1 > out.txt | tee log', [{ words: 'mocha' }, { words: 'tee log' }]],
  ['./node_modules/.bin/_mocha test', [{ words: 'mocha test' }]],
  ['pnpm exec vitest run', [{ words: 'vitest run' }]],
])('%s', async (script, found) => {
  expect(await commands(script)).toEqual(found);
});

const SCRIPTS = {
  unit: 'mocha test/unit',
  'test:a': 'jest a',
  'test:b': 'X=1 jest b',
  'test:b:slow': 'jest slow',
  lint: 'eslint .',
};

test.each<[script: string, found: Found]>([
  ['npm run lint && npm run unit -- --bail', [{ words: 'eslint .' }, { words: 'mocha test/unit --bail' }]],
  ['npm run -s unit', [{ words: 'mocha test/unit' }]],
  ['yarn unit --bail', [{ words: 'mocha test/unit --bail' }]],
  ['CI=1 pnpm run unit', [{ words: 'mocha test/unit', env: { CI: '1' } }]],
  ["pnpm run '/^test:.$/'", [{ words: 'jest a' }, { words: 'jest b', env: { X: '1' } }]],
  ['pnpm run "/(/"', [{ words: 'pnpm run /(/' }]],
  ['run-s test:*', [{ words: 'jest a' }, { words: 'jest b', env: { X: '1' } }]],
  ['npm-run-all --parallel test:a test:b', [{ words: 'jest a' }, { words: 'jest b', env: { X: '1' } }]],
  ['npm test', []], // It calls itself.
  ['bun run unit --bail', [{ words: 'mocha test/unit --bail' }]],
  ['bun test', [{ words: 'bun test' }]], // A framework of its own.
  ['npm run nothing', [{ words: 'npm run nothing' }]],
])('%s follows the scripts that it calls', async (script, found) => {
  expect(await commands(script, SCRIPTS)).toEqual(found);
});

const WORKSPACES: Folders = {
  'packages/a': { test: 'mocha', unit: 'cd ../.. && mocha packages/a/unit' },
  'packages/b': { test: 'NODE_ENV=b npm run -s all', all: 'jest' },
  tools: { build: 'tsc' },
};
const A = { words: 'mocha', cwd: 'packages/a' };
const B = { words: 'jest', cwd: 'packages/b', env: { NODE_ENV: 'b' } };

test.each<[script: string, found: Found]>([
  ['npm test --workspaces --if-present', [A, B]],
  ['npm run test -ws', [A, B]],
  ['npm test -w packages/a', [A]],
  ['npm test --workspace=@our/b -- --ci', [{ ...B, words: 'jest --ci' }]],
  ['npm test -w packages', [A, B]],
  ['npm --prefix packages/a test', [A]],
  ['cd packages/b && npm test', [B]],
  ['cd packages/a && npm run unit', [{ words: 'mocha packages/a/unit' }]],
  ['pnpm -r test', [A, B]],
  [
    'pnpm --recursive run test --ci',
    [
      { ...A, words: 'mocha --ci' },
      { ...B, words: 'jest --ci' },
    ],
  ],
  ["pnpm --filter './packages/*' test", [A, B]],
  ['pnpm -F a test', [A]],
  ['pnpm --filter "!a" test', [B]],
  ['pnpm -C packages/b test', [B]],
  ['yarn workspaces run test', [A, B]],
  ['yarn workspaces foreach -Apt --exclude @our/b run test', [A]],
  ['yarn workspace @our/b test --ci', [{ ...B, words: 'jest --ci' }]],
  ['yarn --cwd packages/a test', [A]],
  ["bun run --filter '*' test", [A, B]],
  ['lerna run test --scope a', [A]],
  ['turbo run test --filter=b', [B]],
  ['turbo test', [A, B]],
  ['nx run-many -t test', [A, B]],
  ['nx test a', [A]],
  ['CI=1 npm test -w a', [{ ...A, env: { CI: '1' } }]],
])('%s follows the scripts of other packages', async (script, found) => {
  expect(await commands(script, {}, WORKSPACES)).toEqual(found);
});

test.each(['turbo run e2e', "pnpm --filter '...[main]' test", 'npm test -w nothing'])(
  '%s, of which no package has the script, is named',
  async (script) => {
    const named = script.replaceAll("'", '');
    expect(await read(script, {}, WORKSPACES)).toEqual({ commands: [], unread: [named] });
  },
);

test('the workspaces are those of npm, pnpm and lerna, without those that are excluded or no package', async () => {
  const folder = await temporaryProject({
    'package.json': '{"name":"root","workspaces":{"packages":["packages/*","!packages/old"]}}',
    'pnpm-workspace.yaml': 'packages:\n  - tools # ours\n  - .\n',
    'lerna.json': '{"packages":["packages/a","libs/**"]}',
    'packages/a/package.json': '{"name":"a","scripts":{"test":"mocha"}}',
    'packages/old/package.json': '{}',
    'packages/broken/package.json': '{',
    'packages/none/index.js': '',
    'tools/package.json': '{}',
    'libs/deep/b/package.json': '{"name":3,"scripts":[]}',
    'libs/node_modules/c/package.json': '{}',
  });
  expect(await packagesIn(folder).workspaces()).toEqual([
    { folder: 'libs/deep/b', name: null, scripts: {} },
    { folder: 'packages/a', name: 'a', scripts: { test: 'mocha' } },
    { folder: 'tools', name: null, scripts: {} },
  ]);
  expect(await packagesIn(folder).in('packages/none')).toBeNull();
});

test.each([['mocha $(git ls-files "*.test.js")'], ['mocha `ls test`'], ['mocha $FILES'], ['if [ -n x ]; then mocha; fi']])(
  '%s is for a shell alone to read, and is named',
  (line) => {
    const { commands, unread } = readShellLine(line);
    expect(commands.flatMap(({ words }) => words)).not.toContain('mocha $FILES');
    expect(unread.length).toBeGreaterThan(0);
    expect(unread.join(' ')).toContain('mocha');
  },
);
