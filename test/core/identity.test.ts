import { describe, expect, test } from 'vitest';
import { identityOf, parseIdentity } from '../../src/core/fleet/identity.js';

describe('what a worker polls with', () => {
  test.each([
    { worker: 'host/1234', slots: 2, memoryMb: 16_000, sick: null, text: 'host/1234 slots=2 mem=16000' },
    { worker: 'ip-10-0-0-1.ec2.internal/7', slots: 64, memoryMb: null, sick: null, text: 'ip-10-0-0-1.ec2.internal/7 slots=64' },
    { worker: 'h/1', slots: 0, memoryMb: null, sick: null, text: 'h/1 slots=0' },
    { worker: 'h/1', slots: 1, memoryMb: 512, sick: 'no shell: é', text: 'h/1 slots=1 mem=512 sick=no%20shell%3A%20%C3%A9' },
  ])('$text is read back as it was written', ({ text, ...identity }) => {
    expect(identityOf(identity)).toBe(text);
    expect(parseIdentity(text)).toEqual(identity);
  });

  test('a long reason is cut short enough for the server', () => {
    const text = identityOf({ worker: 'h/1', slots: 1, memoryMb: 24_000, sick: '😀'.repeat(500) });
    expect(text.length).toBeLessThan(1_000);
    expect(parseIdentity(text)?.sick).toMatch(/^(😀)+$/u);
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
