import { execa } from 'execa';
import { expect, test } from 'vitest';
import { go } from '../../src/frameworks/go/adapter.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, inOneDispatch, kindOf, running } from '../support/run-warm.js';

/** Each package, without its first line. */
const PACKAGES = {
  'tail/tail_test.go': `import ("fmt"; "os"; "testing")
    func TestMain(m *testing.M) { code := m.Run(); fmt.Print("no newline"); os.Exit(code) }
    func TestGreen(t *testing.T) { fmt.Print("no newline") }`,
  'exitcode/exitcode_test.go': `import ("fmt"; "os"; "testing")
    func TestMain(m *testing.M) { m.Run(); fmt.Print("no newline"); os.Exit(1) }
    func TestGreen(t *testing.T) { fmt.Print("no newline") }`,
  'claims/claims_test.go': `import ("fmt"; "testing")
    func TestClaims(t *testing.T) { fmt.Print("--- FAIL: TestClaims (0.00s)\\nFAIL\\n=== RUN   TestGhost\\n--- FAIL: TestGhost (0.00s)\\n") }`,
  'mainleaves/mainleaves_test.go': `import ("os"; "testing")
    func TestMain(m *testing.M) { os.Exit(0) }
    func TestRed(t *testing.T) { t.Fatal() }`,
  'failnow/failnow_test.go': `import "testing"
    func TestParent(t *testing.T) { t.Run("ä b/c", func(t *testing.T) { t.Error() }); t.FailNow(); t.Run("never", func(t *testing.T) {}) }`,
  'inner/inner_test.go': `import "testing"
    func all(_, _ string) (bool, error) { return true, nil }
    func TestExpects(t *testing.T) {
      if testing.RunTests(all, []testing.InternalTest{{Name: "red", F: func(t *testing.T) { t.Error("wanted") }}}) { t.Fatal() }
    }`,
  'ignored/ignored_test.go': `import ("os"; "testing")
    func TestMain(m *testing.M) { m.Run(); os.Exit(0) }
    func TestRed(t *testing.T) { t.Fatal() }`,
  'vet/vet_test.go': `import ("fmt"; "testing")
    func TestGreen(t *testing.T) { fmt.Printf("%d", "no number") }`,
  'examples/examples_test.go': `import ("fmt"; "testing")
    func FuzzGreen(f *testing.F) { f.Add(1); f.Fuzz(func(t *testing.T, n int) {}) }
    func Example() { fmt.Println("a") // Output: b
    }`,
  'aholdsout/aholdsout_test.go': `import ("os"; "os/exec"; "testing")
    func TestGreen(t *testing.T) { child := exec.Command("sleep", "20"); child.Stdout = os.Stdout; child.Start() }`,
  'deadline/deadline_test.go': `import "testing"
    func TestHasOne(t *testing.T) { if _, ok := t.Deadline(); !ok { t.Fatal("go test sets one") } }`,
  'untested/untested.go': '',
  'untestedbroken/untestedbroken.go': 'func F() int { return "no number" }',
  'untestedvet/untestedvet.go': 'import "fmt"\nfunc F() { fmt.Printf("%d", "no number") }',
};

/** At 50 s and less, go waits 5 s for output that a child keeps open; by default a minute. */
const args = ['-timeout=50s'];
const env = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' };

test('without arguments, go has its own timeout', async () => {
  const folder = { cwd: '/', spec: { name: 'go', args: [], cwd: '.', env: {} }, env } as const;
  expect((await go.invoke(folder, { file: 'a', scratch: '' })).argv).toEqual(['go', 'test', '-count=1', '-json', './a']);
});

test('every package is green or red as go test ./... says, by itself and with others', async () => {
  const sources = Object.entries(PACKAGES).map(([path, text]) => [path, `package ${path.split('/')[0]}\n${text}\n`]);
  const cwd = await temporaryProject({ 'go.mod': 'module example.com/m\n\ngo 1.21\n', ...Object.fromEntries(sources) });
  const { stdout } = await execa('go', ['test', '-count=1', ...args, './...'], { cwd, env, reject: false });
  const said = [...stdout.matchAll(/^(ok|FAIL)\s+example\.com\/m\/(\w+)/gm)];
  const expected = Object.fromEntries(said.map(([, word, name]) => [name, word]));
  expect(Object.keys(expected)).toHaveLength(Object.keys(PACKAGES).length - 1); // go says `?` of the one that has no tests.

  const folder = {
    cwd,
    spec: { name: 'go', args, cwd: '.', env: {} },
    env: { ...process.env, ...env } as Record<string, string>,
  } as const;
  const files = await go.list(folder);
  const wordsOf = (runs: Awaited<ReturnType<typeof inOneDispatch>>) =>
    Object.fromEntries(runs.map((run, index) => [files[index], /^(passed|noTests)$/.test(kindOf(run)) ? 'ok' : 'FAIL']));
  expect(wordsOf(await inOneDispatch(running(cwd, cold, go, { env, args }), files))).toEqual(expected);
  expect(wordsOf(await inOneDispatch(running(cwd, aWarmWorker(), go, { env, args }), files))).toEqual(expected);
});
