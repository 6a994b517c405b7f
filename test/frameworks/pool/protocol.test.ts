import { expect, test } from 'vitest';
import { parseAnswer } from '../../../src/frameworks/pool/protocol.js';

test.each([
  ['{"kind":"exited","file":"a","exitCode":0}', { kind: 'exited', file: 'a', exitCode: 0 }],
  ['{"kind":"exited","file":"a","exitCode":1,"isLast":true}', { kind: 'exited', file: 'a', exitCode: 1, isLast: true }],
  ['{"kind":"signalled","file":"a","signal":9}', { kind: 'signalled', file: 'a', signal: 9 }],
  ['{"kind":"listed","files":["a"]}', { kind: 'listed', files: ['a'] }],
  ['{"kind":"cannot","reason":"coverage"}', { kind: 'cannot', reason: 'coverage' }],
  ['{"kind":"exited","exitCode":0}', null],
  ['{"kind":"exited","file":"a"}', null],
  ['{"kind":"exited","file":"a","exitCode":"0"}', null],
  ['{"exitCode":0}', null],
  ['null', null],
  ['nonsense', null],
  ['', null],
])('%s', (line, answer) => {
  expect(parseAnswer(line)).toEqual(answer);
});
