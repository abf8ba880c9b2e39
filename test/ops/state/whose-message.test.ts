import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { readMessages } from '../../../ops/state/read-messages.ts';
import { ann, annHidden, bob, choir, reported } from '../../lambdas/state/reported-event.ts';
import { remember } from './remember.ts';

type AnyEvent = EventOf<BusType>;

/** The messages of a chat as `fanout chat` reads them, the oldest first. */
async function messagesOf(chat: { readonly id: string }, ...events: readonly AnyEvent[]) {
  const reader = await remember(...events);
  return (await readMessages(reader, chat.id, { limit: 25 })).rows;
}

const carol = { kind: 'user', id: '447700900456@c.us', phone: '+447700900456' } as const;
const messageId = { id: 'A1' };
const ours = reported('message.any', {
  ...{ messageId, chat: ann, direction: 'outbound', content: 'text', body: 'Our price is 500' },
});
const offer = reported('message', {
  ...{
    messageId,
    chat: choir,
    author: ann,
    direction: 'inbound',
    content: 'text',
    body: 'I offer 100',
  },
});
const edit = (data: object, at = 1) =>
  reported(
    'message.edited',
    { editedMessageId: 'A1', messageId: { id: `E${at}` }, ...data },
    { at },
  );
const deletion = (data: object, at = 1) =>
  reported('message.revoked', { revokedMessageId: 'A1', ...data }, { at });
const changed = (action: 'join' | 'leave' | 'promote' | 'demote', at = 0, person: object = bob) =>
  reported(
    'group.v2.participants',
    {
      ...{ chat: choir, action },
      participants: [
        {
          person: person as typeof bob,
          role: action === 'promote' ? 'admin' : action === 'leave' ? 'left' : 'participant',
        },
      ],
    },
    { at },
  );
/** The members of the group, as the account is told when it joins. */
const listed = (role: 'admin' | 'participant', at = 0, person: object = bob) =>
  reported(
    'group.v2.join',
    {
      ...{ chat: choir, action: 'join', self: true },
      group: { members: [{ person: person as typeof bob, role }] },
    },
    { at },
  );

describe('text that another person tries to put into a message', () => {
  test('a contact cannot edit what this account wrote', async () => {
    const forged = edit({ chat: ann, author: ann, direction: 'inbound', body: 'Our price is 5' });
    expect(await messagesOf(ann, ours, forged)).toMatchObject([
      {
        ...{ body: 'Our price is 500', edits: [] },
        refused: [{ action: 'edit', by: { id: ann.id }, body: 'Our price is 5' }],
      },
    ]);
  });

  test('a member of a group cannot edit what another wrote, whichever came first', async () => {
    const forged = edit({ chat: choir, author: bob, direction: 'inbound', body: 'I offer 9' }, 2);
    const genuine = edit({ chat: choir, author: ann, direction: 'inbound', body: 'I offer 99' });
    for (const events of [
      [forged, genuine, offer],
      [offer, genuine, forged],
    ]) {
      expect(await messagesOf(choir, ...events)).toMatchObject([
        { body: 'I offer 99', edits: [{}], refused: [{ action: 'edit', by: { id: bob.id } }] },
      ]);
    }
  });

  test('an edit under the id of the author’s own edit does not replace it', async () => {
    const genuine = edit({ chat: choir, author: ann, direction: 'inbound', body: 'I offer 99' });
    const forged = edit({ chat: choir, author: bob, direction: 'inbound', body: 'I offer 9' });
    expect(await messagesOf(choir, offer, genuine, forged)).toMatchObject([{ body: 'I offer 99' }]);
  });

  test('a member who is known by hidden id only is not taken for an author by phone number', async () => {
    const byPhone = reported('message', { ...offer.data, author: carol });
    const forged = edit({ chat: choir, author: annHidden, direction: 'inbound', body: 'No' });
    expect(await messagesOf(choir, byPhone, forged)).toMatchObject([
      { body: 'I offer 100', refused: [{ action: 'edit' }] },
    ]);
  });

  test('an edit of the same id in another chat changes nothing', async () => {
    const other = edit({ chat: bob, author: bob, direction: 'outbound', body: 'Free' });
    expect(await messagesOf(ann, ours, other)).toMatchObject([
      { body: 'Our price is 500', edits: [], refused: [] },
    ]);
  });

  test('only text of the author is ever shown', async () => {
    const author = fc.constantFrom(ann, annHidden, bob, undefined);
    const one = fc.record({ author, at: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 5 }), async (edits) => {
        const events = edits.map(({ author, at }) =>
          edit({ chat: choir, author, direction: 'inbound', body: `by ${author?.id}` }, at),
        );
        const [message] = await messagesOf(choir, ...events, offer);
        expect(message?.body).not.toContain(bob.id);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a deletion', () => {
  test('of the author deletes', async () => {
    const own = deletion({ chat: choir, revokedBy: ann, direction: 'inbound' });
    expect(await messagesOf(choir, offer, own)).toMatchObject([
      { revoked: { byAdmin: false }, refused: [] },
    ]);
  });

  test('of another member deletes nothing, also when it comes first', async () => {
    const forged = deletion({ chat: choir, revokedBy: bob, direction: 'inbound' });
    expect(await messagesOf(choir, forged, offer, changed('join'))).toMatchObject([
      { revoked: undefined, refused: [{ action: 'deletion', by: { id: bob.id } }] },
    ]);
    const own = deletion({ chat: choir, revokedBy: ann, direction: 'inbound' }, 2);
    expect(await messagesOf(choir, forged, offer, own, changed('join'))).toMatchObject([
      { revoked: { by: { id: ann.id } }, refused: [{ by: { id: bob.id } }] },
    ]);
  });

  test('of an admin of the group deletes, and names the admin', async () => {
    const byAdmin = deletion({ chat: choir, revokedBy: bob, direction: 'inbound' });
    expect(await messagesOf(choir, offer, byAdmin, changed('promote'))).toMatchObject([
      { revoked: { byAdmin: true, by: { id: bob.id } }, refused: [] },
    ]);
  });

  test('counts by the role that the person had at the time, in whatever order it is reported', async () => {
    const byBob = deletion({ chat: choir, revokedBy: bob, direction: 'inbound' }, 10);
    const isDeleted = async (...changes: readonly AnyEvent[]) => {
      const events = [offer, byBob, ...changes];
      const [message] = await messagesOf(choir, ...events);
      expect(await messagesOf(choir, ...events.reverse())).toEqual([message]);
      expect(message?.refused).toHaveLength(message?.revoked ? 0 : 1);
      return message?.revoked !== undefined;
    };
    expect(await isDeleted(changed('promote', 2), changed('demote', 20))).toBe(true);
    expect(await isDeleted(changed('demote', 20))).toBe(true);
    expect(await isDeleted(listed('admin'), changed('demote', 20), changed('leave', 30))).toBe(
      true,
    );
    expect(await isDeleted(changed('promote', 2), changed('leave', 20))).toBe(true);
    expect(await isDeleted(changed('join', 2), changed('promote', 20))).toBe(false);
    expect(await isDeleted(changed('promote', 20))).toBe(false);
    expect(
      await isDeleted(changed('promote', 2), changed('demote', 5), changed('promote', 20)),
    ).toBe(false);
    expect(await isDeleted(changed('join', 2), changed('leave', 20))).toBe(false);
    expect(await isDeleted(listed('participant', 20))).toBe(false);
    expect(await isDeleted(listed('admin', 20))).toBe(true);
  });

  test('of a person of whose role nothing is known deletes, since WhatsApp allows it only to admins', async () => {
    const byBob = deletion({ chat: choir, revokedBy: bob, direction: 'inbound' }, 10);
    const expected = [{ revoked: { byAdmin: true, by: { id: bob.id } }, refused: [] }];
    expect(await messagesOf(choir, offer, byBob)).toMatchObject(expected);
    expect(await messagesOf(choir, offer, byBob, listed('participant', 0, carol))).toMatchObject(
      expected,
    );
  });

  test('of a person who may be a plain member under another form of address deletes nothing', async () => {
    const hidden = deletion({ chat: choir, revokedBy: annHidden, direction: 'inbound' }, 10);
    const ofCarol = reported('message', { ...offer.data, author: carol });
    expect(await messagesOf(choir, ofCarol, hidden, listed('participant'))).toMatchObject([
      { revoked: undefined, refused: [{ action: 'deletion' }] },
    ]);
  });

  test('of a contact does not delete what this account wrote', async () => {
    const forged = deletion({ chat: ann, revokedBy: ann, direction: 'inbound' });
    expect(await messagesOf(ann, ours, forged)).toMatchObject([
      { body: 'Our price is 500', revoked: undefined, refused: [{ action: 'deletion' }] },
    ]);
  });

  test('of this account’s message by a member deletes nothing, even if the direction is unknown', async () => {
    const own = reported('message.any', { ...ours.data, chat: choir });
    for (const direction of ['inbound', undefined] as const) {
      const byMember = deletion({ chat: choir, revokedBy: annHidden, direction });
      const joined = changed('join', 0, annHidden);
      expect(await messagesOf(choir, own, byMember, joined)).toMatchObject([
        { revoked: undefined, refused: [{ action: 'deletion', by: { id: annHidden.id } }] },
      ]);
      expect(
        await messagesOf(choir, own, byMember, changed('promote', 0, annHidden)),
      ).toMatchObject([{ revoked: { byAdmin: true, by: { id: annHidden.id } }, refused: [] }]);
    }
  });

  test('without a reported author counts as the author’s', async () => {
    const unnamed = deletion({ chat: choir, direction: 'inbound' });
    expect(await messagesOf(choir, offer, unnamed)).toMatchObject([{ revoked: {}, refused: [] }]);
  });
});

describe('one bare id for several messages', () => {
  test('an inbound message that re-uses the id of an outgoing one is shown', async () => {
    const reused = reported(
      'message',
      { messageId, chat: ann, author: ann, direction: 'inbound', content: 'text', body: 'Mine' },
      { at: 1 },
    );
    const read = reported('message.ack', {
      ...{ messageId, chat: ann, direction: 'outbound', recipient: ann },
      ack: { level: 3, name: 'read' },
    });
    expect(await messagesOf(ann, ours, reused, read)).toMatchObject([
      { direction: 'outbound', body: 'Our price is 500', ack: { name: 'read' } },
      { direction: 'inbound', body: 'Mine', ack: undefined },
    ]);
  });

  test('a message to two people is in both chats, each with its own receipts and reactions', async () => {
    const to = (chat: typeof ann | typeof bob) =>
      reported('message.any', {
        messageId,
        chat,
        direction: 'outbound',
        content: 'text',
        body: `To ${chat.id}`,
      });
    const read = reported('message.ack', {
      ...{ messageId, chat: bob, direction: 'outbound', recipient: bob },
      ack: { level: 3, name: 'read' },
    });
    const thumb = reported('message.reaction', {
      ...{ target: { id: 'A1', fromMe: true }, chat: annHidden, author: annHidden },
      ...{ direction: 'inbound', emoji: '👍' },
    });
    const events = [to(ann), to(bob), read, thumb];
    expect(await messagesOf(ann, ...events)).toMatchObject([
      { body: `To ${ann.id}`, ack: undefined, reactions: [{ emoji: '👍' }] },
    ]);
    expect(await messagesOf(bob, ...events)).toMatchObject([
      { body: `To ${bob.id}`, ack: { name: 'read' }, reactions: [] },
    ]);
  });

  test('messages of two authors in a group are two', async () => {
    const second = reported(
      'message',
      { ...offer.data, author: bob, body: 'I offer 1' },
      { at: 1 },
    );
    const bodies = (await messagesOf(choir, offer, second)).map(({ body }) => body);
    expect(bodies).toEqual(['I offer 100', 'I offer 1']);
  });

  test('the copies of one message by phone number and by hidden id are one', async () => {
    const hello = { messageId, direction: 'inbound', content: 'text', body: 'Hello' } as const;
    const copies = [
      reported('message', { ...hello, chat: ann, author: ann }),
      reported('message.any', { ...hello, chat: annHidden, author: annHidden }, { at: 1 }),
    ];
    expect(await messagesOf(ann, ...copies)).toMatchObject([{ body: 'Hello' }]);
    expect(await messagesOf(annHidden, ...copies)).toMatchObject([{ body: 'Hello' }]);
  });
});
