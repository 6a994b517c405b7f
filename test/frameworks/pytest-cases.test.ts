import { expect, test } from 'vitest';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { namesOf } from '../support/expected.js';
import { PLUGINS, pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, inOneDispatch, running } from '../support/run-warm.js';

const VIRTUAL_ENV = await pytestEnvironment('9.2.0', PLUGINS);
const env = { VIRTUAL_ENV, PYTHONDONTWRITEBYTECODE: '1' };

type Situation = {
  readonly text: string;
  /** How pytest counts it. */
  readonly counts: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly reason?: string;
};

/** What a file does, and how pytest itself counts that in the last line of its output. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'test_reruns.py': {
    text: 'import os\n@pytest.mark.flaky(reruns=2)\ndef test_a():\n    os.environ["N"] = os.environ.get("N", "") + "x"\n    assert len(os.environ["N"]) == 3\n',
    counts: '1 passed, 2 rerun',
    kind: 'passed',
    names: ['passed test_a'],
  },
  'test_subtests.py': {
    text: 'def test_a(subtests):\n    for i in range(4):\n        with subtests.test("n", i=i):\n            assert i % 2\ndef test_b(subtests):\n    with subtests.test(): pass\n',
    counts: '3 failed, 1 passed',
    kind: 'failed',
    names: ['failed test_a > [n] (i=0)', 'failed test_a > [n] (i=2)', 'failed test_a', 'passed test_b'],
  },
  'test_unittest_subtests.py': {
    text: 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        for i in range(3):\n            with self.subTest(i=i): self.assertEqual(i, 1)\n',
    counts: '2 failed, 1 passed', // Without pytest's fixture, only the subtests fail.
    kind: 'failed',
    names: ['failed T > test_a > (i=0)', 'failed T > test_a > (i=2)', 'passed T > test_a'],
  },
  'test_exit.py': {
    text: 'def test_a(): pass\ndef test_b(): pytest.exit("enough", returncode=0)\ndef test_c(): pass\n',
    counts: '1 passed',
    kind: 'crashed',
    names: ['passed test_a'],
    reason: 'pytest was interrupted by pytest.exit: enough',
  },
  'test_interrupt.py': {
    text: 'def test_a(): pass\ndef test_b(): raise KeyboardInterrupt\n',
    counts: '1 passed',
    kind: 'crashed',
    names: ['passed test_a'],
    reason: 'pytest was interrupted by KeyboardInterrupt',
  },
  'test_errors.py': {
    text: '@pytest.fixture\ndef late():\n    yield\n    raise OSError("late")\n@pytest.fixture\ndef early(): raise OSError("early")\ndef test_a(late): pass\ndef test_b(late): assert 0\ndef test_c(early): pass\n',
    counts: '1 failed, 1 passed, 3 errors',
    kind: 'failed',
    names: ['passed test_a', 'failed test_a', 'failed test_b', 'failed test_b', 'failed test_c'],
  },
  'test_expected.py': {
    text: '@pytest.mark.xfail(reason="known")\ndef test_a(): assert 0\n@pytest.mark.xfail\ndef test_b(): pass\n@pytest.mark.skip(reason="later")\ndef test_c(): pass\n@pytest.mark.skipif(True, reason="never")\nclass TestD:\n    def test_d(self): pass\n',
    counts: '2 skipped, 1 xfailed, 1 xpassed',
    kind: 'passed',
    names: ['skipped test_a', 'passed test_b', 'skipped test_c', 'skipped TestD > test_d'],
  },
  'test_strict.py': {
    text: '@pytest.mark.xfail(strict=True, reason="known")\ndef test_a(): pass\n',
    counts: '1 failed',
    kind: 'failed',
    names: ['failed test_a'],
  },
  'test_odd_ids.py': {
    text: '@pytest.mark.parametrize("x", ["a\\nb", "a::b", "[", "]", "", "ünï", "\\0", "😀", "a/b"])\nclass TestA:\n    class TestB:\n        def test_a(self, x): pass\n',
    counts: '9 passed',
    kind: 'passed',
    names: ['a\\nb', 'a::b', '[', ']', '', '\\xfcn\\xef', '\\x00', '\\U0001f600', 'a/b'].map(
      (id) => `passed TestA > TestB > test_a[${id}]`,
    ),
  },
  'test_skips.py': {
    text: 'pytest.skip("not here", allow_module_level=True)\n',
    counts: '1 skipped',
    kind: 'passed',
    names: ['skipped test_skips.py'],
  },
  'test_many.py': {
    text: 'import unittest, pytest_mock\nclass T(unittest.TestCase):\n    def setUp(self): self.skipTest("x")\n    def test_a(self): pass\ndef test_b(mocker): mocker.patch("os.getcwd")\n',
    counts: '1 passed, 1 skipped',
    kind: 'passed',
    names: ['skipped T > test_a', 'passed test_b'],
  },
};

const FILES = Object.keys(SITUATIONS);
const project = () =>
  temporaryProject({
    'pytest.ini':
      '[pytest]\naddopts = -n 2 --junitxml=mine.xml --cov=. --cov-fail-under=100\nfilterwarnings = error\njunit_family = xunit1\n',
    ...Object.fromEntries(FILES.map((file) => [file, `import pytest\n${SITUATIONS[file]?.text}`])),
  });

const lastLine = ({ output }: FileRun) => /=+ (.*) in [\d.]+s.* =+\s*$/.exec(output.replace(/!+.*!+/g, ''))?.[1];
const told = ({ end, output }: FileRun) => ({
  kind: end.kind,
  names: namesOf('cases' in end ? end.cases : []),
  output,
  ...(end.kind === 'crashed' && { reason: end.reason }),
});

function expectSituation(file: string, run: FileRun): void {
  const { text: _, counts: __, ...expected } = SITUATIONS[file] as Situation;
  expect({ file, ...told(run) }).toEqual({ file, output: run.output, ...expected });
}

test('cases are those that pytest counts, whatever a file does, in a process of its own', async () => {
  const run = running(await project(), cold, pytest, { env });
  for (const file of FILES) {
    const result = await run(file);
    expect({ file, counts: lastLine(result) }).toEqual({ file, counts: SITUATIONS[file]?.counts });
    expectSituation(file, result);
  }
});

test('in a session, alone and with others, each file has the result and the words that it has in a process of its own', async () => {
  const cwd = await project();
  const worker = aWarmWorker();
  const [alone, warm] = [running(cwd, cold, pytest, { env }), running(cwd, worker, pytest, { env })];
  for (const file of FILES.filter((name) => SITUATIONS[name]?.kind === 'passed')) expectSituation(file, await warm(file));
  const together = await inOneDispatch(running(cwd, aWarmWorker(), pytest, { env }), FILES);
  for (const [index, file] of FILES.entries()) {
    expectSituation(file, together[index] as FileRun);
    expect(together[index]?.redAfter).toBeUndefined();
  }
  const words = ({ output }: FileRun) => output.replace(/[\d.]+s\b/g, '');
  expect(words(await warm('test_many.py'))).toBe(words(await alone('test_many.py')));
  expect(worker.log).toEqual([]);
});
