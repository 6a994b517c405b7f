import type { Case, Does, Group, Hook, Shape } from './shapes.js';

const PRINTS = `print('FAILED test_x.py::test_y\\n{"phase": "call"}'); sys.stderr.write('no newline')`;
const BODIES: Partial<Readonly<Record<Does | Hook['does'], string>>> = {
  fails: 'assert 0',
  failsLater: "time.sleep(0.003); raise ValueError('no')",
  failsOddly: 'raise Odd()',
  skipsInside: "pytest.skip('why')",
  todoFails: "pytest.xfail('not yet')",
  prints: PRINTS,
  passesLater: 'time.sleep(0.003)',
  leavesTimer: 'threading.Thread(target=time.sleep, args=(0.1,)).start()',
  exits0: 'os._exit(0)',
  exits3: 'os._exit(3)',
  exitCode5: 'sys.exit(0)',
  throwsAfter: "pytest.exit('enough', returncode=0)",
  rejects: 'raise KeyboardInterrupt()',
  kills: 'os.kill(os.getpid(), 9)',
};
const HOOKS: Readonly<Record<Hook['when'], string>> = {
  before: '@classmethod\ndef setup_class(cls):',
  after: '@classmethod\ndef teardown_class(cls):',
  beforeEach: 'def setup_method(self, method):',
  afterEach: 'def teardown_method(self, method):',
};
const HEAD = `import os, sys, threading, time, unittest
import pytest

class Odd(Exception):
    def __str__(self):
        raise RuntimeError('not readable')

`;

/** A test file of this shape. Groups are classes; odd names are ids of parameters, which the other names cannot have. */
export function writtenInPython({ nodes, atLoad }: Shape): string {
  const load = { nothing: '', prints: `${PRINTS}\n`, throws: "raise ValueError('at load')\n" }[atLoad];
  return `${HEAD}${load}${nodes.map((node, index) => nodeText(node, index, false)).join('\n')}`;
}

const nodeText = (node: Case | Group, index: number, isInside: boolean): string =>
  node.kind === 'case' ? caseText(node, index, isInside) : groupText(node, index);

const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

function groupText({ hooks, nodes, skips }: Group, index: number): string {
  const hookTexts = [
    ...new Map(hooks.map(({ when, does }) => [when, `${HOOKS[when]}\n    ${BODIES[does] ?? 'pass'}\n`])).values(),
  ];
  const inner = [...hookTexts, ...nodes.map((node, at) => nodeText(node, at, true))].join('\n') || 'pass\n';
  return `${skips ? "@pytest.mark.skip('not now')\n" : ''}class Test${index}:\n${indented(inner)}`;
}

function caseText({ title, does }: Case, index: number, isInside: boolean): string {
  const self = isInside ? 'self' : '';
  const def = (body: string, marks = '') => `${marks}def test_${index}(${self}):\n    ${body}\n`;
  switch (does) {
    case 'skips':
      return def('assert 0', "@pytest.mark.skip(reason='why: [x]')\n");
    case 'todo':
      return def('assert 0', '@pytest.mark.skipif(True, reason="later")\n');
    case 'expectedToFail':
      return def('assert 0', "@pytest.mark.xfail(reason='known')\n");
    case 'expectedButPasses':
      return def('pass', `@pytest.mark.xfail(strict=${title.length % 2 === 0 ? 'True' : 'False'})\n`);
    case 'failsOnce':
      return `@pytest.fixture\ndef fixture_${index}(${self}):\n    yield\n    assert 0, 'teardown'\n\ndef test_${index}(${[self, `fixture_${index}`].filter(Boolean).join(', ')}):\n    pass\n`;
    case 'hasSubtests':
      return `class TestCase${index}(unittest.TestCase):\n    def test_subtests(self):\n        for number in range(3):\n            with self.subTest(number=number):\n                self.assertNotEqual(number, 1)\n`;
    case 'table':
      return `@pytest.mark.parametrize('value', [1, 2], ids=[${JSON.stringify(title)}, 'b'])\ndef test_${index}(${[self, 'value'].filter(Boolean).join(', ')}):\n    pass\n`;
    default:
      return def(BODIES[does] ?? 'pass');
  }
}
