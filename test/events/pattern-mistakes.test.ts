import { describe, expect, test } from '@jest/globals';
import { pattern } from '../../events/pattern.ts';

describe('a pattern', () => {
  test('refuses one field both inside and outside of $or, because EventBridge would drop one', () => {
    expect(() =>
      pattern({
        where: {
          'data.chat.kind': 'group',
          $or: [{ 'data.chat.kind': 'user' }, { 'meta.fromMe': true }],
        },
      }),
    ).toThrow('"data.chat.kind" has conditions both inside and outside of $or.');
    expect(() => pattern({ category: 'calls', where: { 'meta.category': 'calls' } })).toThrow(
      '"meta.category" has two sets of conditions.',
    );
  });

  test('omits a condition that is undefined', () => {
    expect(pattern({ type: 'message', where: { 'data.body': undefined } })).toStrictEqual({
      source: ['whatsapp'],
      'detail-type': ['message'],
    });
  });

  test('cannot change a prototype', () => {
    const where = JSON.parse('{"data.__proto__.polluted":"x"}');
    pattern({ where });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
