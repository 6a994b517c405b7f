import { expect, test } from 'vitest';
import type { TestCase } from '../../src/core/model/cases.js';
import { selectionOf, splitFile } from '../../src/core/plan/split.js';
import type { Framework } from '../../src/frameworks/framework.js';
import { go } from '../../src/frameworks/go/adapter.js';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { playwright } from '../../src/frameworks/playwright/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import { rspec } from '../../src/frameworks/rspec/adapter.js';
import { unittest } from '../../src/frameworks/unittest/adapter.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { pytestEnvironment } from '../support/python.js';
import { runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

/** Names with everything a pattern, a shell or a report could take for something else. */
const JAVASCRIPT = `
describe('outer (a|b)', () => {
  test('is + green.*', () => {});
  test('is a b', () => {});
  describe('is', () => { test('a b', () => {}); test('A B', () => {}); });
  test.each([1, 2])('$ for %i \\\\d "quoted" \\'too\\'', () => {});
  test.skip('is left out', () => {});
});
test('same', () => {});
test('same', () => {});
test('new\\nline and ünïcode ✓', () => {});
test('-leading dash', () => {});
test('outer (a|b) > is a b', () => {});
test(' has spaces  inside ', () => {});
test('^anchored$ [x]{2}? \\\\ /slash/', () => {});
`;

const SUITES: readonly (readonly [
  name: string,
  framework: Framework,
  file: string,
  files: () => Readonly<Record<string, string>>,
])[] = [
  [
    'vitest',
    vitest,
    'a.test.js',
    () => ({ 'a.test.js': `import { describe, test } from 'vitest';\n${JAVASCRIPT}`, 'package.json': '{"type":"module"}' }),
  ],
  ['jest', jest, 'a.test.js', () => ({ 'a.test.js': JAVASCRIPT, 'package.json': '{}' })],
  [
    'mocha',
    mocha,
    'test/a.js',
    () => ({
      'test/a.js': `const test = it; test.each = (values) => (title) => values.forEach((n) => it(title.replace('%i', n), () => {}));\n${JAVASCRIPT}`,
      'package.json': '{}',
    }),
  ],
  [
    'playwright',
    playwright,
    'sub/a.spec.ts',
    () => ({
      'sub/a.spec.ts': `
import { test } from '@playwright/test';
test.each = (values) => (title, body) => values.forEach((n) => test(title.replace('%i', n), body));
${JAVASCRIPT.replace("  describe('is'", "  test('@slow is + green.*', () => {});\n  test.describe('is'").replace("describe('outer", "test.describe('outer").replace("test('same', () => {});\n", "test('same', { tag: ['@a', '@b'] }, () => {});\n").replace("test('same', () => {});\n", "test('same sub/a.spec.ts same', () => {});\n")}`,
      'playwright.config.ts':
        "export default { fullyParallel: true, projects: [{ name: 'one' }, { name: 'one two', grepInvert: /ünïcode/ }] };",
    }),
  ],
  [
    'pytest',
    pytest,
    'test_a.py',
    () => ({
      'test_a.py': `
import pytest

@pytest.mark.parametrize("text", ["a::b", "[x]", "a b", "A B", "'quoted' \\"too\\"", "ü", "a > b", "new\\nline", "", "(a|b).*"])
def test_odd(text): pass

class TestOuter:
    def test_one(self): pass
    class TestInner:
        def test_one(self): pass
        def test_two(self): pass
    @pytest.mark.skip(reason="left out")
    def test_three(self): pass
`,
      'pytest.ini': '[pytest]\n',
    }),
  ],
  [
    'unittest',
    unittest,
    'test_a.py',
    () => ({
      'base.py': `
import unittest
class Shared(unittest.TestCase):
    def test_one(self): pass
`,
      'test_a.py': `
import unittest
from base import Shared

class Outer(unittest.TestCase):
    def test_one(self): pass
    def test_One(self): pass
    def test_ünïcode(self): pass
    class Inner(unittest.TestCase):
        def test_one(self): pass
    @unittest.skip("left out")
    def test_three(self): pass
    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number): pass

class Other(Outer):
    @classmethod
    def setUpClass(cls): pass

def load_tests(loader, tests, pattern):
    tests.addTest(unittest.FunctionTestCase(lambda: None, description="a b"))
    tests.addTests(loader.loadTestsFromTestCase(Outer.Inner))
    return tests
`,
    }),
  ],
  [
    'go',
    go,
    '.',
    () => ({
      'go.mod': 'module example.com/a\n\ngo 1.21\n',
      'a_test.go': `package a

import "testing"

func TestA(t *testing.T)  { t.Run("one/two", func(t *testing.T) {}); t.Run("(a|b)", func(t *testing.T) {}) }
func TestAB(t *testing.T) {}
func TestB(t *testing.T)  { t.Skip("left out") }
func TestC(t *testing.T)  {}
func TestÜnicode(t *testing.T)  { t.Run("a > b", func(t *testing.T) {}); t.Run("", func(t *testing.T) {}); t.Run("", func(t *testing.T) {}) }
`,
    }),
  ],
  [
    'rspec',
    rspec,
    'spec/a_spec.rb',
    () => ({
      'spec/a_spec.rb': `
RSpec.shared_examples('shared') { it('is a b') {} }

RSpec.describe 'outer (a|b)' do
  it { expect([1].sum).to eq 1 }
  it('is + green.*') {}
  it('is a b') {}
  it_behaves_like 'shared'
  describe(Array, '#sum') { it('a [1:2] "quoted" \\'too\\'') {} }
  it('costs \u20ac "\n"') {}
  it('outer (a|b) > is a b') {}
  [1, 2].each { |n| it("is #{n}") {} }
  xit('is left out') {}
end

RSpec.describe('outer (a|b)') { it('is a b') {} }
`,
    }),
  ],
];

const told = (cases: readonly TestCase[]) => cases.map(({ name, status }) => `${status} ${JSON.stringify(name)}`).sort();

test.each(SUITES)(
  'every case that %s runs of a file, it runs in exactly one of its parts',
  async (name, framework, file, files) => {
    const cwd = await temporaryProject(files());
    const folder = suiteFolder(framework, cwd, name === 'pytest' ? { env: { VIRTUAL_ENV: await pytestEnvironment() } } : {});
    const whole = (await runFramework(framework, folder, file)).reading;
    expect(whole.kind).toBe('passed');
    const passed = whole.cases.filter(({ status }) => status === 'passed').slice(1); // One of them is new.
    const inPart = name === 'go' ? 1 : Math.ceil(passed.length / 3); // Its subtests are no cases of their own in a selection.
    const cut = splitFile(
      { durationMs: 3_000, processes: 1, cases: passed.map((one) => ({ ...one, durationMs: 1_000 })) },
      { framework: folder.spec, mostMs: 1_000 * inPart, workMs: 0, slots: 0 },
    );
    const [first = [], ...rest] = cut?.named ?? [];
    const skipped = whole.cases.filter(({ status }) => status === 'skipped').map((one) => one.name);
    const named = [[...first, ...skipped], ...rest]; // Those that are skipped are asked for too, as if they had passed before.
    const of = named.length + 1;
    expect(of).toBeGreaterThan(2);

    const cases: TestCase[] = [];
    for (let number = 1; number <= of; number += 1) {
      const selection = selectionOf({ number, of }, named);
      const { reading, output } = await runFramework(framework, folder, file, selection);
      expect({ number, kind: reading.kind, output }).toEqual({ number, kind: 'passed', output });
      if (['vitest', 'jest', 'mocha', 'rspec', 'unittest'].includes(name))
        expect(reading.cases.length + (reading.left ?? Number.NaN)).toBe(whole.cases.length);
      const unexplained = reading.cases.filter(({ status, message }) => status === 'skipped' && !message);
      expect(number < of ? unexplained : []).toEqual([]);
      cases.push(...reading.cases);
    }
    expect(told(cases)).toEqual(told(whole.cases));
  },
  120_000,
);

test.each(SUITES)(
  'a part of which nothing is left is no failure with %s',
  async (name, framework, file, files) => {
    const cwd = await temporaryProject(files());
    const folder = suiteFolder(framework, cwd, name === 'pytest' ? { env: { VIRTUAL_ENV: await pytestEnvironment() } } : {});
    const { reading } = await runFramework(framework, folder, file, { kind: 'only', names: [['TestGone']] });
    expect(reading.kind).toBe('noTests');
    expect(reading.cases).toEqual([]);
  },
  120_000,
);
