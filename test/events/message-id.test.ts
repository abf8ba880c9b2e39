import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessageId } from '../../events/message-id.ts';

const groupAddress = '120363020000000042@g.us';

describe('a message id', () => {
  test.each([
    [
      'of a direct chat',
      'false_12025550142@c.us_3EB0AA',
      { id: '3EB0AA', fromMe: false, chat: '12025550142@c.us' },
    ],
    [
      'of a direct chat by hidden id',
      'true_206158430200142@lid_3EB0AA',
      { id: '3EB0AA', fromMe: true, chat: '206158430200142@lid' },
    ],
    [
      'of a group',
      `false_${groupAddress}_3EB0AA_12025550142@c.us`,
      { id: '3EB0AA', fromMe: false, chat: groupAddress, participant: '12025550142@c.us' },
    ],
    [
      'of the status feed',
      'false_status@broadcast_3EB0AA_12025550142@c.us',
      { id: '3EB0AA', fromMe: false, chat: 'status@broadcast', participant: '12025550142@c.us' },
    ],
    [
      'of a channel',
      'false_120363999@newsletter_3EB0AA',
      { id: '3EB0AA', fromMe: false, chat: '120363999@newsletter' },
    ],
    [
      'with a device suffix',
      'false_12025550142:12@s.whatsapp.net_3EB0AA',
      { id: '3EB0AA', fromMe: false, chat: '12025550142@c.us' },
    ],
    [
      'of a note to oneself on WEBJS',
      'true_447700900100@c.us_3EB0AA_out',
      { id: '3EB0AA', fromMe: true, chat: '447700900100@c.us' },
    ],
    [
      'that the caller of a send request has chosen, with `_` in it',
      'true_12025550142@c.us_checked_out',
      { id: 'checked_out', fromMe: true, chat: '12025550142@c.us' },
    ],
    [
      'of that kind in a group',
      `true_${groupAddress}__order_4711_206158430200142@lid`,
      { id: '_order_4711', fromMe: true, chat: groupAddress, participant: '206158430200142@lid' },
    ],
    [
      'without true or false',
      '12025550142@c.us_3EB0AA',
      { id: '3EB0AA', chat: '12025550142@c.us' },
    ],
  ])('%s is split into its parts', (_what, text, parts) => {
    expect(readMessageId(text)).toStrictEqual({ ...parts, serialized: text });
  });

  test('without chat and direction is a bare id', () => {
    expect(readMessageId('3EB0AA')).toStrictEqual({ id: '3EB0AA' });
  });

  test('is read from the key objects of WPP and whatsapp-web.js', () => {
    expect(
      readMessageId({
        fromMe: false,
        id: '3EB0AA',
        remoteJid: '12025550142@s.whatsapp.net',
        participant: null,
      }),
    ).toStrictEqual({ id: '3EB0AA', fromMe: false, chat: '12025550142@c.us' });
    expect(
      readMessageId({
        fromMe: true,
        remote: groupAddress,
        id: '3EB0AA',
        _serialized: `true_${groupAddress}_3EB0AA`,
      }),
    ).toStrictEqual({
      id: '3EB0AA',
      fromMe: true,
      chat: groupAddress,
      serialized: `true_${groupAddress}_3EB0AA`,
    });
  });

  test.each([
    ['...'],
    ['true_12025550142@c.us_...'],
    [''],
    ['x'.repeat(1000)],
    [null],
    [7],
    [{}],
    [[]],
  ])('is absent for %j, which is not a message id', (wire) => {
    expect(readMessageId(wire)).toBeUndefined();
  });

  test('with a phone number and one with a hidden id have the same bare id', () => {
    const phone = readMessageId('false_12025550142@c.us_3EB0C8A41F5D7E9B20A1');
    const hidden = readMessageId('false_206158430200142@lid_3EB0C8A41F5D7E9B20A1');
    expect(phone?.id).toBe(hidden?.id);
  });

  test('never makes the reader throw, whatever the text', () => {
    const pieces = fc.array(
      fc.constantFrom('true', 'false', '_', '@', 'c.us', 'lid', '3EB0', '[', '\ud800', '..'),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        return readMessageId(parts.join(''))?.id !== '';
      }),
      { numRuns: 10_000 },
    );
  });
});
