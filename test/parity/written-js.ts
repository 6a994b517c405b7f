import type { Case, Does, Group, Hook, Shape } from './shapes.js';

export type Dialect = 'mocha' | 'jest' | 'vitest' | 'node';

const HOOKS: Readonly<Record<Dialect, Readonly<Record<Hook['when'], string>>>> = {
  mocha: { before: 'before', after: 'after', beforeEach: 'beforeEach', afterEach: 'afterEach' },
  jest: { before: 'beforeAll', after: 'afterAll', beforeEach: 'beforeEach', afterEach: 'afterEach' },
  vitest: { before: 'beforeAll', after: 'afterAll', beforeEach: 'beforeEach', afterEach: 'afterEach' },
  node: { before: 'before', after: 'after', beforeEach: 'beforeEach', afterEach: 'afterEach' },
};
const HEADS: Readonly<Record<Dialect, string>> = {
  mocha: '',
  jest: '',
  vitest: "import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';\n",
  node: "const { after, afterEach, before, beforeEach, describe, it } = require('node:test');\n",
};

const later = (body: string) => `await new Promise((done) => setTimeout(done, 3)); ${body}`;
/** What a report could take for its own. */
const PRINTS = `console.log('not ok 1 - x\\n# tests 7\\n{"type":"case","status":"failed"}'); process.stderr.write('no newline');`;
/** A title as the framework's own report can tell it: TAP has names without spaces around them, and escapes some characters twice. */
const titleIn = (dialect: Dialect, title: string) =>
  JSON.stringify(dialect === 'node' ? title.trim().replace(/[\\\n#]/g, '_') : title);

/** What has no place in JSON. */
const ODD = "const odd = new Error('odd'); odd.itself = odd; throw odd;";

const BODIES: Partial<Readonly<Record<Does | Hook['does'], string>>> = {
  passesLater: later(''),
  fails: "throw new Error('no');",
  failsLater: later("throw new Error('no');"),
  prints: PRINTS,
  leavesTimer: 'setTimeout(() => {}, 150);',
  exits0: 'process.exit(0);',
  exits3: 'process.exit(3);',
  throwsAfter: "setTimeout(() => { throw new Error('late'); }, 30);",
  rejects: "Promise.reject(new Error('unhandled'));",
  kills: "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});",
};

/** A test file of this shape. */
export function writtenInJs(dialect: Dialect, { nodes, atLoad }: Shape): string {
  const load = { nothing: '', prints: `${PRINTS}\n`, throws: "throw new Error('at load');\n" }[atLoad];
  return `${HEADS[dialect]}${load}${nodes.map((node) => nodeText(dialect, node)).join('')}`;
}

const nodeText = (dialect: Dialect, node: Case | Group): string =>
  node.kind === 'case' ? caseText(dialect, node) : groupText(dialect, node);

function groupText(dialect: Dialect, { title, skips, hooks, nodes }: Group): string {
  const hookText = hooks.map(({ when, does }) => `${HOOKS[dialect][when]}(async () => { ${BODIES[does] ?? ''} });\n`);
  const inner = [...hookText, ...nodes.map((node) => nodeText(dialect, node))].join('');
  return `describe${skips ? '.skip' : ''}(${titleIn(dialect, title)}, () => {\n${inner}});\n`;
}

function caseText(dialect: Dialect, { title, does }: Case): string {
  const name = titleIn(dialect, title);
  // mocha and jest take a parameter for a callback.
  const plain = (body: string, call = 'it') =>
    `${call}(${name}, async function (${/\bt\./.test(body) ? 't' : ''}) { ${body} });\n`;
  switch (does) {
    case 'skips':
      return plain("throw new Error('not run');", 'it.skip');
    case 'todo':
      return dialect === 'mocha' ? `it(${name});\n` : `it.todo(${name});\n`;
    case 'todoFails':
      return dialect === 'node' ? `it(${name}, { todo: 'some day' }, () => { throw new Error('not yet'); });\n` : plain('');
    case 'skipsInside':
      return { mocha: plain('this.skip();'), jest: plain(''), vitest: plain('t.skip();'), node: plain("t.skip('why');") }[
        dialect
      ];
    case 'expectedToFail':
    case 'expectedButPasses': {
      const body = does === 'expectedToFail' ? "throw new Error('as expected');" : '';
      if (dialect === 'jest') return plain(body, 'it.failing');
      return dialect === 'vitest' ? plain(body, 'it.fails') : plain('');
    }
    case 'failsOnce': {
      const body = "if (tries++ === 0) throw new Error('once');";
      const tried = (text: string) => `{ let tries = 0; ${text.trim()} }\n`;
      if (dialect === 'mocha') return tried(plain(`this.retries(1); ${body}`));
      return dialect === 'vitest' ? tried(`it(${name}, { retry: 1 }, () => { ${body} });`) : plain('');
    }
    case 'hasSubtests':
      return dialect === 'node'
        ? plain("await t.test('one', () => {}); await t.test('two', { skip: true }, () => {});")
        : plain('');
    case 'table':
      return dialect === 'jest' || dialect === 'vitest' ? `it.each([[1, 'a'], [2, 'b']])(${name}, () => {});\n` : plain('');
    case 'exitCode5':
      return plain(dialect === 'jest' ? '' : 'process.exitCode = 5;'); // jest is of two minds: its workers ignore it.
    case 'failsOddly':
      return plain(dialect === 'jest' ? "throw 'no error';" : ODD); // A circle leaves jest itself without a report.
    default:
      return plain(BODIES[does] ?? '');
  }
}
