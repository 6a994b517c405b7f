import { expect, test } from 'vitest';
import { commandsOfScript } from '../../src/frameworks/script/project-commands.js';
import { readShellLine } from '../../src/frameworks/script/shell-line.js';

const commands = (test: string, others: Record<string, string> = {}) =>
  commandsOfScript('test', { test, ...others }).commands.map(({ words, env, cwd }) => ({
    words: words.map((word) => (typeof word === 'string' ? word : `(${word.glob})`)).join(' '),
    ...(Object.keys(env).length > 0 && { env }),
    ...(cwd !== '.' && { cwd }),
  }));

test.each<[script: string, found: ReturnType<typeof commands>]>([
  ["mocha -r tsx 'src/**/*.spec.ts'", [{ words: 'mocha -r tsx src/**/*.spec.ts' }]],
  ['mocha test/*.js test/acceptance/*.js', [{ words: 'mocha (test/*.js) (test/acceptance/*.js)' }]],
  ['NODE_ENV=test mocha', [{ words: 'mocha', env: { NODE_ENV: 'test' } }]],
  ['cross-env NODE_ENV=test TZ=UTC jest --ci', [{ words: 'jest --ci', env: { NODE_ENV: 'test', TZ: 'UTC' } }]],
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
  ['mocha 2>&1 > out.txt | tee log', [{ words: 'mocha' }, { words: 'tee log' }]],
  ['./node_modules/.bin/_mocha test', [{ words: 'mocha test' }]],
  ['pnpm exec vitest run', [{ words: 'vitest run' }]],
])('%s', (script, found) => {
  expect(commands(script)).toEqual(found);
});

const SCRIPTS = {
  unit: 'mocha test/unit',
  'test:a': 'jest a',
  'test:b': 'X=1 jest b',
  'test:b:slow': 'jest slow',
  lint: 'eslint .',
};

test.each<[script: string, found: ReturnType<typeof commands>]>([
  ['npm run lint && npm run unit -- --bail', [{ words: 'eslint .' }, { words: 'mocha test/unit --bail' }]],
  ['npm run -s unit', [{ words: 'mocha test/unit' }]],
  ['yarn unit --bail', [{ words: 'mocha test/unit --bail' }]],
  ['CI=1 pnpm run unit', [{ words: 'mocha test/unit', env: { CI: '1' } }]],
  ['run-s test:*', [{ words: 'jest a' }, { words: 'jest b', env: { X: '1' } }]],
  ['npm-run-all --parallel test:a test:b', [{ words: 'jest a' }, { words: 'jest b', env: { X: '1' } }]],
  ['npm test', []], // It calls itself.
])('%s follows the scripts that it calls', (script, found) => {
  expect(commands(script, SCRIPTS)).toEqual(found);
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
