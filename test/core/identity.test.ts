import { describe, expect, test } from 'vitest';
import { identityOf, parseIdentity } from '../../src/core/identity.js';

describe('what a worker polls with', () => {
  test.each([
    { worker: 'host/1234', slots: 2, text: 'host/1234 slots=2' },
    { worker: 'ip-10-0-0-1.ec2.internal/7', slots: 64, text: 'ip-10-0-0-1.ec2.internal/7 slots=64' },
    { worker: 'h/1', slots: 0, text: 'h/1 slots=0' },
  ])('$text is read back as it was written', ({ text, ...identity }) => {
    expect(identityOf(identity)).toBe(text);
    expect(parseIdentity(text)).toEqual(identity);
  });

  test.each([
    '',
    '1234@host',
    'host/1234',
    'host/1234 slots=',
    'host/1234 slots=-1',
    'host/1234 slots=2 more',
    ' slots=2',
    'a b slots=2',
  ])('“%s” is no worker of ours', (text) => {
    expect(parseIdentity(text)).toBeNull();
  });
});
