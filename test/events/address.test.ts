import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAddress } from '../../events/address.ts';

const noor = { kind: 'user', id: '12025550142@c.us', phone: '+12025550142' };
const hiddenNoor = { kind: 'user', id: '206158430200142@lid', lid: '206158430200142@lid' };
const completeNoor = { ...noor, lid: '206158430200142@lid' };

describe('an address', () => {
  test.each([
    ['WAHA’s form of a phone number', '12025550142@c.us', noor],
    ['the engines’ form of a phone number', '12025550142@s.whatsapp.net', noor],
    ['a device of a person', '12025550142:17@s.whatsapp.net', noor],
    ['an agent and device of a person', '12025550142.0:17@s.whatsapp.net', noor],
    ['a hosted account', '12025550142@hosted', noor],
    ['the object of whatsapp-web.js', { server: 'c.us', user: '12025550142' }, noor],
    ['its serialized text', { _serialized: '12025550142@c.us', user: 'x', server: 'y' }, noor],
    ['a hidden id', '206158430200142@lid', hiddenNoor],
    ['a device of a hidden id', '206158430200142:31@lid', hiddenNoor],
    ['a hosted hidden id', '206158430200142@hosted.lid', hiddenNoor],
    ['a group', '120363020000000042@g.us', { kind: 'group', id: '120363020000000042@g.us' }],
    [
      'an old group',
      '12025550142-1400000000@g.us',
      { kind: 'group', id: '12025550142-1400000000@g.us' },
    ],
    ['a channel', '120363999@newsletter', { kind: 'channel', id: '120363999@newsletter' }],
    ['the status feed', 'status@broadcast', { kind: 'status', id: 'status@broadcast' }],
    ['a broadcast list', '1400000000@broadcast', { kind: 'broadcast', id: '1400000000@broadcast' }],
    ['a bot', '867051314767696@bot', { kind: 'bot', id: '867051314767696@bot' }],
    ['Meta’s assistant', '13135550002@meta.ai', { kind: 'bot', id: '13135550002@meta.ai' }],
    ['a form that is not known', 'x@interop', { kind: 'other', id: 'x@interop' }],
    ['an id without a server', 'abc', { kind: 'other', id: 'abc' }],
    [
      'too many digits for a phone',
      '1111111111111111111@c.us',
      { kind: 'user', id: '1111111111111111111@c.us' },
    ],
  ])('is read from %s', (_form, wire, address) => {
    expect(readAddress(wire)).toStrictEqual(address);
  });

  test.each([
    ['WhatsApp’s null address', '0@c.us'],
    ['the word me', 'me'],
    ['an empty text', ''],
    ['a text without end', `${'1'.repeat(100_000)}@c.us`],
    ['null', null],
    ['nothing', undefined],
    ['a number', 12025550142],
    ['an empty object', {}],
    ['a list', ['12025550142@c.us']],
  ])('is absent for %s', (_what, wire) => {
    expect(readAddress(wire)).toBeUndefined();
  });

  test('has both phone number and hidden id, in whatever order they were found', () => {
    expect(readAddress('206158430200142@lid', '12025550142:3@s.whatsapp.net')).toStrictEqual(
      completeNoor,
    );
    expect(readAddress('12025550142@c.us', '206158430200142@lid')).toStrictEqual(completeNoor);
    expect(readAddress(null, '', '12025550142@c.us', '206158430200142:3@lid')).toStrictEqual(
      completeNoor,
    );
  });

  test('is not changed by another spelling without new information', () => {
    expect(readAddress('12025550142@c.us', '447700900123@c.us')).toStrictEqual(noor);
    expect(readAddress('206158430200142@lid', '206158430200143@lid')).toStrictEqual(hiddenNoor);
    expect(readAddress('206158430200142@lid', '120363020000000042@g.us')).toStrictEqual(hiddenNoor);
    expect(readAddress('120363020000000042@g.us', '12025550142@c.us')).toStrictEqual({
      kind: 'group',
      id: '120363020000000042@g.us',
    });
  });

  test('is the same when it is read again from its own id', () => {
    const jid = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc
        .tuple(
          fc.stringMatching(/^[0-9]{1,18}(:[0-9]{1,3})?$/),
          fc.constantFrom('c.us', 'lid', 'g.us', 's.whatsapp.net'),
        )
        .map(([user, server]) => `${user}@${server}`),
    );
    fc.assert(
      fc.property(jid, (text) => {
        const address = readAddress(text);
        return !address || isDeepStrictEqual(readAddress(address.id), address);
      }),
      { numRuns: 10_000 },
    );
  });
});
