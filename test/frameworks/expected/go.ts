import { type Expected, row } from '../../support/expected.js';

/** `test/fixtures/go`, file by file. */
export const GO: readonly Expected[] = [
  row('ok', 0, 'passed', [
    'passed TestPrints',
    'passed TestTable > a_b',
    'passed TestTable > http://x/y',
    'passed TestTable > a_b#01',
    'passed TestTable > nested > deep',
    'passed TestTable > nested',
    'passed TestTable',
    'skipped TestLater',
    'passed Example_print',
  ]),
  row('.', 0, 'passed', ['passed TestRoot']),
  row('external', 0, 'passed', ['passed TestFromOutside']),
  row('fail', 1, 'failed', ['passed TestGreen', 'failed TestRed > inner', 'failed TestRed']),
  row('allskipped', 0, 'passed', ['skipped TestFirst', 'skipped TestSecond']),
  row('notests', 0, 'noTests', []),
  row('sigkill', 1, 'crashed', ['passed TestFirst']),
  row('exitzero', 1, 'crashed', ['passed TestFirst', 'failed TestLeaves']),
  row('panics', 1, 'crashed', ['passed TestFirst', 'failed TestPanics']),
  row('buildfails', 1, 'failed', ['failed buildfails']),
  row('missingimport', 1, 'failed', ['failed missingimport']),
  row('nowhere', 1, 'failed', ['failed nowhere']),
  row('nofiles', 0, 'noTests', []),
  row('exitthree', 1, 'crashed', []),
  row('mainfails', 1, 'crashed', []),
  row('exitcode', 1, 'failed', ['passed TestGreen', 'failed exitcode']),
  row('syntaxerror', 1, 'failed', ['failed syntaxerror']),
];
