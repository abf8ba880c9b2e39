import { randomBytes } from 'node:crypto';
import type { EventType } from './catalog.ts';
import { type ExampleWebhook, exampleBody } from './example-webhook.ts';

/** One webhook of the conversation, and what happens in it. */
export interface ConversationStep {
  /** One sentence, without names or text of the message. */
  readonly what: string;
  readonly webhook: ExampleWebhook;
}

/** What may be said of the conversation. */
export interface ConversationOptions {
  /** Name of the session. Default: `shop`. */
  readonly session?: string;
  /** Time of the last webhook, epoch milliseconds. */
  readonly endsAt: number;
}

/** Numbers are from ranges kept for fiction (NANPA 555-01xx, Ofcom), as in all examples. */
const noor = { phone: '12025550142', lid: '206158430200142', name: 'Noor' };
const shop = { phone: '447700900100', lid: '118832900000100' };
const group = '120363020000000042@g.us';
const chat = `${noor.phone}@c.us`;
const label = { id: '7', name: 'Order open', color: 3, colorHex: '#FFD429' };

/** Minutes between two webhooks. */
const stepMinutes = 1;

/**
 * The webhooks of one conversation of a shop with a customer, as WAHA sends them on NOWEB, in order: the
 * customer writes, is answered, reacts, edits, votes, orders, calls, and is missed; a label; a group. Each call
 * gives new ids, so that none of it is a duplicate of an earlier conversation.
 */
export function exampleConversation(options: ConversationOptions): readonly ConversationStep[] {
  const id = {
    ...{ question: freshId(), answer: freshId(), poll: freshId(), order: freshId() },
    ...{ thanks: freshId(), groupText: freshId(), call: freshId() },
  };
  const drafts: readonly Draft[] = [
    {
      what: 'The session is connected',
      type: 'session.status',
      payload: (at) => ({
        ...{ name: options.session ?? 'shop', status: 'WORKING', data: null },
        statuses: [
          { status: 'STARTING', timestamp: at - 5_000 },
          { status: 'WORKING', timestamp: at },
        ],
      }),
    },
    {
      what: 'A customer asks a question',
      type: 'message',
      payload: (at) => fromNoor(at, id.question, text('Hello, do you have the blue teapot?')),
    },
    {
      what: 'The shop answers',
      type: 'message.any',
      payload: (at) =>
        fromShop(at, id.answer, {
          extendedTextMessage: {
            text: 'We do! Shall we keep one for you?',
            contextInfo: quote(id.question, noor.phone),
          },
        }),
    },
    { what: 'The customer’s phone receives the answer', type: 'message.ack', payload: ack(2) },
    { what: 'The customer reads the answer', type: 'message.ack', payload: ack(3) },
    {
      what: 'The customer reacts to it',
      type: 'message.reaction',
      payload: (at) => ({
        ...head(at, `false_${chat}_${freshId()}`),
        ...{ from: chat, fromMe: false, to: null, participant: null },
        reaction: { text: '👍', messageId: `true_${chat}_${id.answer}` },
      }),
    },
    {
      what: 'The customer corrects the question',
      type: 'message.edited',
      payload: (at) => ({
        ...head(at, `false_${chat}_${freshId()}`),
        ...{ from: chat, fromMe: false, to: null, participant: null, hasMedia: false, _data: {} },
        ...{ body: 'Hello, do you have the blue teapot, for four?', editedMessageId: id.question },
      }),
    },
    {
      what: 'The shop asks with a poll',
      type: 'message.any',
      payload: (at) =>
        fromShop(at, id.poll, {
          pollCreationMessageV3: {
            name: 'When do you want it?',
            options: [{ optionName: 'Tuesday' }, { optionName: 'Thursday' }],
            selectableOptionsCount: 1,
          },
        }),
    },
    {
      what: 'The customer votes',
      type: 'poll.vote',
      payload: (at) => ({
        vote: {
          ...{ id: `false_${chat}_${freshId()}`, to: 'me', from: chat, fromMe: false },
          ...{ selectedOptions: ['Thursday'], timestamp: at },
        },
        poll: { id: `true_${chat}_${id.poll}`, to: chat, from: 'me', fromMe: true },
      }),
    },
    {
      what: 'The customer sends an order',
      type: 'message',
      payload: (at) =>
        fromNoor(at, id.order, {
          orderMessage: {
            ...{ orderId: `ORD-${id.order.slice(-4)}`, itemCount: 1, orderTitle: 'Blue teapot' },
            ...{ message: 'One blue teapot, please', token: 'AR-invented' },
            ...{ totalAmount1000: '42500', totalCurrencyCode: 'EUR' },
          },
        }),
    },
    { what: 'The shop makes a label', type: 'label.upsert', payload: () => label },
    {
      what: 'The shop labels the chat',
      type: 'label.chat.added',
      payload: () => ({ labelId: label.id, chatId: chat, label }),
    },
    { what: 'The customer calls', type: 'call.received', payload: (at) => call(at) },
    {
      what: 'Nobody answers the call',
      type: 'call.rejected',
      payload: (at) => ({ ...call(at), _data: { status: 'timeout' } }),
    },
    {
      what: 'The customer joins the shop’s group',
      type: 'group.v2.participants',
      payload: (at) => ({
        ...{ type: 'join', timestamp: at, group: { id: group } },
        participants: [{ id: `${noor.lid}@lid`, pn: chat, role: 'participant' }],
        _data: { id: group, author: `${noor.lid}@lid`, action: 'add' },
      }),
    },
    {
      what: 'The customer writes in the group, and names the shop',
      type: 'message',
      payload: (at) => ({
        ...head(at, `false_${group}_${id.groupText}_${noor.lid}@lid`),
        ...{ from: group, fromMe: false, participant: `${noor.lid}@lid`, hasMedia: false },
        body: `@${shop.lid} is the market open on Sunday?`,
        _data: {
          key: {
            ...{ remoteJid: group, fromMe: false, id: id.groupText },
            ...{ participant: `${noor.lid}@lid`, participantAlt: `${noor.phone}@s.whatsapp.net` },
          },
          ...{ messageTimestamp: Math.floor(at / 1_000), pushName: noor.name },
          message: {
            extendedTextMessage: {
              text: `@${shop.lid} is the market open on Sunday?`,
              contextInfo: { mentionedJid: [`${shop.lid}@lid`] },
            },
          },
        },
      }),
    },
  ];

  function ack(level: 2 | 3) {
    return () => ({
      ...{ id: `true_${chat}_${id.answer}`, from: chat, fromMe: true, _data: {} },
      ...{ ack: level, ackName: level === 2 ? 'DEVICE' : 'READ' },
    });
  }

  function call(at: number) {
    return {
      ...{ id: id.call, from: chat, timestamp: Math.floor(at / 1_000) },
      ...{ isVideo: false, isGroup: false },
    };
  }

  return drafts.map(({ what, type, payload }, index) => {
    const at = options.endsAt - (drafts.length - 1 - index) * stepMinutes * 60_000;
    const example = { engine: 'NOWEB', payload: payload(at) } as const;
    const { session = 'shop' } = options;
    return {
      what,
      webhook: exampleBody(type, example, {
        session,
        timestamp: at,
        id: `evt_01${freshId(24).toLowerCase()}`,
      }),
    };
  });
}

interface Draft {
  readonly what: string;
  readonly type: EventType;
  /** @param at time of the webhook, epoch milliseconds */
  readonly payload: (at: number) => object;
}

const text = (body: string) => ({ conversation: body });

const quote = (messageId: string, author: string) => ({
  ...{ stanzaId: messageId, participant: `${author}@s.whatsapp.net` },
  quotedMessage: { conversation: 'Hello, do you have the blue teapot?' },
});

const head = (at: number, id: string) => ({
  ...{ id, timestamp: Math.floor(at / 1_000), source: 'app' },
});

/** A direct message of the customer. */
function fromNoor(at: number, id: string, message: Message) {
  return direct({ at, id, message, fromMe: false, pushName: noor.name });
}

/** A direct message of the shop. */
function fromShop(at: number, id: string, message: Message) {
  return direct({ at, id, message, fromMe: true, pushName: 'Corner Shop' });
}

type Message = { readonly [name: string]: unknown };

interface Direct {
  readonly at: number;
  readonly id: string;
  readonly message: Message;
  readonly fromMe: boolean;
  readonly pushName: string;
}

function direct({ at, id, message, fromMe, pushName }: Direct) {
  const extended = message.extendedTextMessage as { readonly text: string } | undefined;
  return {
    ...head(at, `${fromMe}_${chat}_${id}`),
    ...{ from: chat, fromMe, hasMedia: false, participant: null },
    body: (message.conversation as string | undefined) ?? extended?.text ?? null,
    _data: {
      key: {
        ...{ remoteJid: `${noor.phone}@s.whatsapp.net`, fromMe, id },
        remoteJidAlt: `${noor.lid}@lid`,
      },
      ...{ messageTimestamp: Math.floor(at / 1_000), pushName, message },
    },
  };
}

/** An id as WhatsApp makes them; its first character keeps it from consisting of digits only. */
const freshId = (length = 20) =>
  `A${randomBytes(length).toString('hex').toUpperCase()}`.slice(0, length);
