import { expect, test } from 'vitest';
import { type Clash, clashIn, describeClash, portOf } from '../../src/core/model/clash.js';
import { isUnexplained, type LookCircumstances, mayLook } from '../../src/core/schedule/second-look.js';
import { anOutcome, LOST } from '../reporters/samples.js';

const MINUTE_MS = 60_000;
const ONE_OF_TEN: LookCircumstances = { planned: 10, red: 1, spentMs: 0, runMs: 0 };

test.each<[string, Partial<LookCircumstances>, boolean]>([
  ['one red file of ten', {}, true],
  ['two of two: a pair that collides is no broken build', { planned: 2, red: 2 }, true],
  ['two of ten, a fifth but only a few', { red: 2 }, true],
  ['three of ten: the build is broken', { red: 3 }, false],
  ['three of fifteen, exactly a fifth', { planned: 15, red: 3 }, false],
  ['three of sixteen', { planned: 16, red: 3 }, true],
  ['looks of less than a minute', { spentMs: MINUTE_MS - 1 }, true],
  ['looks of a minute, in a short run', { spentMs: MINUTE_MS, runMs: 5_000 }, false],
  ['looks of a minute, in a run of two', { spentMs: MINUTE_MS, runMs: 2 * MINUTE_MS }, true],
  ['looks that took as long as the run', { spentMs: 2 * MINUTE_MS, runMs: 2 * MINUTE_MS }, false],
])('a second look is allowed: %s', (_, circumstances, expected) => {
  expect(mayLook({ ...ONE_OF_TEN, ...circumstances })).toBe(expected);
});

test('a file that names an address somebody else had does not count as a sign of a broken build', () => {
  const failed = anOutcome('failed');
  expect(isUnexplained(failed)).toBe(true);
  expect(isUnexplained(LOST)).toBe(true);
  expect(isUnexplained({ ...failed, clash: { kind: 'path', what: '/tmp/x' } })).toBe(true);
  expect(isUnexplained({ ...failed, clash: { kind: 'address', what: 'port 1' } })).toBe(false);
});

test.each<[string, Clash | undefined]>([
  ['Error: listen EADDRINUSE: address already in use :::3000\n    at Server', { kind: 'address', what: 'port 3000' }],
  ['Error: listen EADDRINUSE: address already in use 127.0.0.1:8080', { kind: 'address', what: 'port 8080' }],
  ['Error: listen EADDRINUSE: address already in use /tmp/app.sock', { kind: 'address', what: '/tmp/app.sock' }],
  ['Uncaught EADDRINUSE, port: 80', { kind: 'address', what: 'port 80' }],
  ['OSError: [Errno 98] Address already in use', { kind: 'address', what: 'an address' }],
  [
    "OSError: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8765): address already in use",
    { kind: 'address', what: 'port 8765' },
  ],
  ['listen tcp 127.0.0.1:9090: bind: address already in use', { kind: 'address', what: 'port 9090' }],
  ['listen tcp :9091: bind: address already in use', { kind: 'address', what: 'port 9091' }],
  ['Address already in use - bind(2) for "127.0.0.1" port 4567 (Errno::EADDRINUSE)', { kind: 'address', what: 'port 4567' }],
  ['java.net.BindException: Address already in use', { kind: 'address', what: 'an address' }],
  ['Web server failed to start. Port 8081 was already in use.', { kind: 'address', what: 'port 8081' }],
  ["Error: EEXIST: file already exists, mkdir '/tmp/out'", { kind: 'path', what: '/tmp/out' }],
  ["FileExistsError: [Errno 17] File exists: 'build/x'", { kind: 'path', what: 'build/x' }],
  ['mkdir: cannot create directory ‘shared’: File exists', { kind: 'path', what: 'shared' }],
  ['mkdir /tmp/x: file exists', { kind: 'path', what: '/tmp/x' }],
  ['sqlite3.OperationalError: database is locked', { kind: 'database', what: 'database is locked' }],
  ['AssertionError: expected 3000 to equal 80', undefined],
  ['', undefined],
])('what a red attempt could not have: %s', (text, expected) => {
  expect(clashIn(text)).toEqual(expected);
});

test('a clash in words', () => {
  expect(describeClash({ kind: 'address', what: 'port 80', holder: 'b.sh' })).toBe('port 80 was in use by b.sh');
  expect(describeClash({ kind: 'path', what: '/tmp/x' })).toBe('/tmp/x was there already or busy');
  expect(describeClash({ kind: 'database', what: 'database is locked' })).toBe('database is locked');
  expect([portOf({ kind: 'address', what: 'port 80' }), portOf({ kind: 'address', what: '/tmp/x.sock' })]).toEqual([
    80,
    undefined,
  ]);
});
