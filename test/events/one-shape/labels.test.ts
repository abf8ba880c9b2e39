import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };

describe('a label', () => {
  test('is the same from WAHA and from Wawp, except for the palette index', () => {
    const waha = dataOf('label.upsert', { id: '7', name: 'Paid', color: 3, colorHex: '#FFD429' });
    expect(waha).toStrictEqual({ label: { id: '7', name: 'Paid', color: 3, colorHex: '#ffd429' } });
    const wawp = dataOf('label.upsert', { label: { id: '7', name: 'Paid', color: '#FFD429' } });
    expect(wawp).toStrictEqual({ label: { id: '7', name: 'Paid', colorHex: '#ffd429' } });
  });

  test('has no colour if WAHA writes black for an unknown one', () => {
    const data = dataOf('label.upsert', { id: '7', name: 'Paid', color: 22, colorHex: '#000000' });
    expect(data.label).toStrictEqual({ id: '7', name: 'Paid', color: 22 });
  });

  test('has a text as id and a number as colour, in whatever form they were sent', () => {
    expect(dataOf('label.upsert', { id: 7, name: 'Paid', color: '3' }).label).toStrictEqual({
      id: '7',
      name: 'Paid',
      color: 3,
    });
  });

  test('that is deleted has no name if the sender sends an empty one', () => {
    expect(
      dataOf('label.deleted', { id: '7', name: '', color: 3, colorHex: '#ffd429' }).label,
    ).toStrictEqual({ id: '7', color: 3, colorHex: '#ffd429' });
    expect(dataOf('label.deleted', { labelId: '7' }).label).toStrictEqual({ id: '7' });
  });

  test.each(['label.chat.added', 'label.chat.deleted'] as const)(
    'on a chat is the same from all: %s',
    (type) => {
      const bare = { chat: person, label: { id: '7' } };
      expect(
        dataOf(type, { labelId: '7', chatId: phoneAddress, label: null }, { engine: 'GOWS' }),
      ).toStrictEqual(bare);
      expect(dataOf(type, { chatId: phoneAddress, labelId: '7' })).toStrictEqual(bare);
      const label = { id: '7', name: 'Paid', color: 3, colorHex: '#ffd429' };
      expect(dataOf(type, { labelId: '7', chatId: phoneAddress, label })).toStrictEqual({
        chat: person,
        label,
      });
    },
  );
});
