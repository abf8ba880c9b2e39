import { describe, expect, test } from '@jest/globals';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { readChats } from '../../../ops/state/chats.ts';
import { readMessages } from '../../../ops/state/read-messages.ts';
import {
  ann,
  annHidden,
  bob,
  choir,
  instant,
  reported,
} from '../../lambdas/state/reported-event.ts';
import { remember } from './remember.ts';

type Chat = typeof ann | typeof annHidden | typeof choir;

/** The message A1 of a chat, after these events. */
async function view(chat: Chat, ...events: readonly EventOf<BusType>[]) {
  const { rows } = await readMessages(await remember(...events), chat.id, { limit: 25 });
  expect(rows.length).toBeLessThan(2);
  return rows[0];
}

const messageId = { id: 'A1' };
const hello = reported('message', {
  content: 'text',
  ...{ messageId, chat: ann, author: ann, direction: 'inbound', body: 'Hello' },
});
const ours = reported('message.any', {
  content: 'text',
  ...{ messageId, chat: ann, direction: 'outbound', body: 'Good morning' },
  ack: { level: 0, name: 'pending' },
});

/** The other person's phone, or the server before it, has our message. */
const reaches = (level: 1 | 2, at: number) =>
  reported(
    'message.ack',
    {
      ...{ messageId, chat: ann, direction: 'outbound' },
      ack: { level, name: level === 1 ? 'server' : 'device' },
    },
    { at },
  );
const failed = (at: number) =>
  reported(
    'message.ack',
    {
      ...{ messageId, chat: ann, direction: 'outbound' },
      ack: { level: -1, name: 'error', error: { code: '463', reason: 'blocked' } },
    },
    { at },
  );

describe('a message', () => {
  test('has the reaction that came before it, and the one that is there now', async () => {
    const thumb = { target: messageId, chat: ann, author: ann, direction: 'inbound' } as const;
    const late = reported('message.reaction', { ...thumb, emoji: '👍' }, { at: 2 });
    const heart = reported('message.reaction', { ...thumb, emoji: '❤️' }, { at: 3 });
    expect(await view(ann, heart, late, hello)).toMatchObject({
      body: 'Hello',
      reactions: [{ emoji: '❤️', at: instant(3) }],
    });
  });

  test('has no reaction once it was taken back, even if the removal is reported first', async () => {
    const from = { target: messageId, chat: ann, author: ann, direction: 'inbound' } as const;
    const put = reported('message.reaction', { ...from, emoji: '👍' }, { at: 2 });
    const taken = reported('message.reaction', { ...from, removed: true }, { at: 3 });
    expect(await view(ann, hello, taken, put)).toMatchObject({ reactions: [] });
  });

  test('has one reaction of a person who is reported by phone number and by hidden id', async () => {
    const group = { target: messageId, chat: choir, direction: 'inbound' } as const;
    const sung = reported('message', {
      content: 'text',
      messageId,
      chat: choir,
      author: ann,
      direction: 'inbound',
    });
    const one = reported('message.reaction', { ...group, author: ann, emoji: '👍' }, { at: 2 });
    const two = reported(
      'message.reaction',
      { ...group, author: annHidden, emoji: '🎉' },
      { at: 3 },
    );
    const other = reported('message.reaction', { ...group, author: bob, emoji: '👏' }, { at: 4 });
    const { reactions } = (await view(choir, sung, two, one, other)) ?? {};
    expect(reactions?.map(({ emoji }) => emoji)).toEqual(['🎉', '👏']);
  });

  test('is joined with what names its chat by the hidden id', async () => {
    const edit = reported(
      'message.edited',
      { editedMessageId: 'A1', chat: annHidden, direction: 'inbound', body: 'Hello!' },
      { at: 1 },
    );
    expect(await view(ann, hello, edit)).toMatchObject({ body: 'Hello!', edits: [{}] });
  });

  test('has the body of its last edit, and all of them in order', async () => {
    const edit = (id: string, body: string, at: number) =>
      reported(
        'message.edited',
        { editedMessageId: 'A1', messageId: { id }, chat: ann, direction: 'inbound', body },
        { at },
      );
    expect(await view(ann, edit('E2', '', 4), hello, edit('E1', 'Helo', 2))).toMatchObject({
      body: '',
      edits: [
        { at: instant(2), body: 'Helo' },
        { at: instant(4), body: '' },
      ],
    });
  });

  test('edited in the second in which it was sent has the edited body', async () => {
    const edit = reported('message.edited', { editedMessageId: 'A1', chat: ann, body: 'Hi' });
    expect(await view(ann, edit, hello)).toMatchObject({ body: 'Hi' });
  });

  test('has the highest level that it reached, when first, and each level with its time', async () => {
    const ack = (level: 1 | 2 | 3, at: number) =>
      reported(
        'message.ack',
        {
          ...{ messageId, chat: ann, direction: 'outbound', recipient: ann },
          ack: { level, name: level === 1 ? 'server' : level === 2 ? 'device' : 'read' },
        },
        { at },
      );
    const seen = await view(ann, ack(3, 5), ack(1, 1), ours, ack(3, 7), ack(2, 2));
    expect(seen).toMatchObject({
      direction: 'outbound',
      ack: { level: 3, name: 'read', at: instant(5) },
    });
    expect(seen?.reached.map(({ level, at }) => [level, at])).toEqual([
      [0, instant(0)],
      [1, instant(1)],
      [2, instant(2)],
      [3, instant(5)],
    ]);
  });

  test('that WhatsApp did not accept has failed, with the reason, whichever came first', async () => {
    for (const events of [
      [ours, failed(1)],
      [failed(1), ours],
    ]) {
      expect(await view(ann, ...events)).toMatchObject({
        ack: { name: 'error', error: { code: '463', reason: 'blocked' }, at: instant(1) },
      });
    }
  });

  test('has failed if the error came after the server had it, unless a phone has it', async () => {
    expect(await view(ann, ours, failed(3), reaches(1, 2))).toMatchObject({
      ack: { name: 'error' },
    });
    expect(await view(ann, ours, failed(3), reaches(1, 2), reaches(2, 4))).toMatchObject({
      ack: { name: 'device', error: undefined },
    });
  });

  test('has not failed if it was sent again after the error, and has if that failed too', async () => {
    const again = [ours, failed(1), reaches(1, 2)];
    expect(await view(ann, ...again)).toMatchObject({ ack: { name: 'server' } });
    expect(await view(ann, ...again, failed(3))).toMatchObject({
      ack: { name: 'error', at: instant(3) },
    });
  });

  test('that was deleted before it arrived is deleted', async () => {
    const gone = reported('message.revoked', { revokedMessageId: 'A1', chat: ann }, { at: 3 });
    expect(await view(ann, gone, hello)).toMatchObject({ revoked: { at: instant(3) } });
  });

  test('keeps its text when another message has its id', async () => {
    const forged = reported('message', { ...hello.data, body: 'I owe you 100' }, { at: 9 });
    expect(await view(ann, hello, forged)).toMatchObject({ body: 'Hello' });
  });

  test('keeps its text when an edit of it cannot be read', async () => {
    const edit = reported(
      'message.edited',
      { editedMessageId: 'A1', chat: ann, unavailable: 'undecryptable-edit', target: 'A1' },
      { at: 3 },
    );
    expect(await view(ann, hello, edit)).toMatchObject({ body: 'Hello', edits: [{}] });
  });

  test('has the kind of its content, and a choice that was made', async () => {
    const choice = { by: 'button', id: 'seats:2', title: 'Two seats' } as const;
    const chosen = reported('message', { messageId, chat: ann, content: 'choice', choice });
    expect(await view(ann, chosen)).toMatchObject({ content: 'choice', choice });
  });

  test('is waiting until its content arrives', async () => {
    const waiting = reported('message.waiting', {
      content: 'unavailable',
      messageId,
      chat: ann,
      direction: 'inbound',
    });
    expect(await view(ann, waiting)).toMatchObject({ waiting: true });
    expect(await view(ann, hello, waiting)).toMatchObject({ waiting: false, body: 'Hello' });
  });

  test.each([
    ['that could not be decrypted', { content: 'unavailable', unavailable: 'undecryptable' }, true],
    ['that was received empty', { content: 'other' }, false],
  ] as const)(
    '%s at first has the text that is received under its id later',
    async (_name, content, waiting) => {
      const unreadable = reported('message', { ...hello.data, body: undefined, ...content });
      const readable = reported('message', hello.data, { receivedAt: 9 });
      expect(await view(ann, unreadable)).toMatchObject({ content: content.content, waiting });
      for (const events of [
        [unreadable, readable],
        [readable, unreadable],
      ]) {
        const shown = { content: 'text', body: 'Hello', waiting: false };
        expect(await view(ann, ...events)).toMatchObject(shown);
        const { rows } = await readChats(await remember(...events), { limit: 5 });
        expect(rows).toMatchObject([{ last: 'text' }]);
      }
    },
  );

  test('has the last vote of each voter', async () => {
    const vote = (voter: typeof ann | typeof bob, choices: string[], at: number) =>
      reported('poll.vote', { poll: messageId, chat: choir, voter, choices }, { at });
    const poll = reported('message', {
      content: 'text',
      messageId,
      chat: choir,
      author: bob,
      direction: 'inbound',
    });
    const seen = await view(
      choir,
      vote(ann, ['Tuesday', 'Friday'], 3),
      poll,
      vote(ann, ['Tuesday'], 2),
      vote(bob, [], 4),
    );
    expect(seen?.votes.map(({ choices }) => choices)).toEqual([['Tuesday', 'Friday'], []]);
  });

  test('keeps the last vote that could be read, and has who voted unreadably', async () => {
    const poll = reported('message.any', { ...ours.data, chat: choir });
    const vote = { poll: { id: 'A1', fromMe: true }, chat: choir, direction: 'inbound' } as const;
    const events = [
      poll,
      reported('poll.vote', { ...vote, voter: ann, choices: ['Tuesday'] }, { at: 1 }),
      reported('poll.vote.failed', { ...vote, voter: annHidden }, { at: 2 }),
      reported('poll.vote.failed', { ...vote, voter: bob }, { at: 3 }),
    ];
    for (const order of [events, events.toReversed()]) {
      const { votes } = (await view(choir, ...order)) ?? {};
      expect(votes).toEqual([
        { by: bob.id, choices: undefined, at: instant(3) },
        { by: ann.id, choices: ['Tuesday'], at: instant(1) },
      ]);
    }
  });

  test('of which only a reaction is known is not shown', async () => {
    const thumb = reported('message.reaction', { target: messageId, chat: ann, emoji: '👍' });
    expect(await view(ann, thumb)).toBeUndefined();
  });

  test('of enormous size is cut to the maximum size of an item', async () => {
    const long = reported('message', {
      content: 'text',
      messageId,
      chat: ann,
      body: '€'.repeat(500_000),
    });
    expect((await view(ann, long))?.body).toHaveLength(65_536);
  });
});
