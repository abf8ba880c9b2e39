import { type EventType, eventTypes } from '../../events/catalog.ts';
import { freshWebhook } from '../../ops/send-webhook.ts';

/**
 * What the pipeline owes for a report: an event of a fact of its own (`new`); nothing, and 200 with the
 * id of an earlier report's event (`again`); an event with `duplicateOf` (`otherType`); or an event with
 * `conflict` or an id of its own (`conflict`). The number is the place of that earlier report in the row.
 */
export type Owed =
  | 'new'
  | { readonly again: number }
  | { readonly otherType: number }
  | { readonly conflict: number };

/** One report of a row. */
export interface Report {
  readonly webhook: object | string;
  readonly owed: Owed;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reports that come one after the other, and what is owed for each. */
export interface Row {
  readonly name: string;
  readonly reports: readonly Report[];
}

const engines = ['WEBJS', 'WPP', 'NOWEB', 'GOWS'] as const;
type Engine = (typeof engines)[number];

const [ann, bob] = ['12025550142', '447700900123'].map((digits) => `${digits}@c.us`) as [
  string,
  string,
];
const [annLid, bobLid] = ['206158430200142@lid', '206158430200123@lid'];
const group = '120363020000000042@g.us';
const me = { id: '447700900100@c.us', pushName: 'Corner Shop', lid: '118832900000100@lid' };

let serial = 0;
const bareId = () => `3EB0${(++serial).toString(16).toUpperCase().padStart(16, '0')}`;
const eventId = () => `evt_01kdwr7v00${String(++serial).padStart(16, '0')}`;

/** A body as WAHA sends it, with an event id and a time of its own. */
function waha(event: string, payload: object, engine: Engine = 'NOWEB', fields: object = {}) {
  return {
    id: eventId(),
    timestamp: 1_769_932_800_000 + ++serial,
    ...{ event, session: 'default', metadata: {}, me, payload, engine },
    environment: { version: '2026.8.1', engine, tier: 'PLUS' },
    ...fields,
  };
}

/** A body as WAHA sent it before 2024.11: without event id and time. */
const oldWaha = (event: string, payload: object, engine: Engine = 'NOWEB') => ({
  ...{ event, session: 'default', payload, engine },
  environment: { version: '2024.10.1', engine, tier: 'CORE' },
});

/** The same event as its sender gives it to another webhook, with another event id where engines do so. */
const asType = (event: string, { id, ...webhook }: ReturnType<typeof waha>) => ({
  ...{ id: /WEBJS|WPP/.test(webhook.engine) ? eventId() : id, ...webhook },
  event,
});

const message = (id: string, chat: string, fields: object = {}) => ({
  ...{ id: `false_${chat}_${id}`, timestamp: 1_767_268_800, from: chat, fromMe: false },
  ...{ to: me.id, body: 'Hello', hasMedia: false },
  ...fields,
});
const ownMessage = (id: string, chat: string, fields: object = {}) => ({
  ...{ id: `true_${chat}_${id}`, timestamp: 1_767_268_800, from: me.id, fromMe: true, to: chat },
  ...{ body: 'Sale today', hasMedia: false },
  ...fields,
});
const ack = (id: string, chat: string, level = 3, fields: object = {}) => ({
  ...{ id: `true_${chat}_${id}`, from: chat, fromMe: true, ack: level },
  ...fields,
});
const reaction = (id: string, chat: string) => ({
  ...{ id: `false_${chat}_${id}R`, timestamp: 1_767_268_801, from: chat, fromMe: false },
  reaction: { text: '👍', messageId: `true_${chat}_${id}` },
});
const edit = (id: string, chat: string) => ({
  ...message(`${id}E`, chat, { body: 'Hello!' }),
  editedMessageId: id,
});
const revocation = (id: string, chat: string) => ({
  after: message(`${id}D`, chat, { body: null }),
  before: null,
  revokedMessageId: id,
});
const vote = (id: string, chat: string) => ({
  vote: {
    ...{ id: `false_${chat}_${id}V`, from: chat, to: me.id, fromMe: false },
    ...{ selectedOptions: ['Yes'], timestamp: 1_767_268_802_000 },
  },
  poll: { id: `true_${chat}_${id}`, from: me.id, to: chat, fromMe: true },
});
const response = (id: string, chat: string) => ({
  ...message(`${id}P`, chat),
  eventCreationKey: { id: `true_${chat}_${id}`, from: me.id, to: chat, fromMe: true },
  eventResponse: { response: 'GOING', timestampMs: 1_767_268_803_000, extraGuestCount: 0 },
});
const call = (id: string, from: string) => ({
  ...{ id, from, timestamp: 1_767_268_800, isVideo: false, isGroup: false },
});

const row = (name: string, ...reports: readonly (readonly [object | string, Owed])[]): Row => ({
  name,
  reports: reports.map(([webhook, owed]) => ({ webhook, owed })),
});

/** The sender's retry: any type, as either sender sends it. */
const retries = eventTypes.flatMap((type: EventType) =>
  (['waha', 'wawp'] as const).map((sender) => {
    const webhook = freshWebhook(type, sender);
    return row(`a retry of a ${type} of ${sender}`, [webhook, 'new'], [webhook, { again: 0 }]);
  }),
);

/** One message as `message` and `message.any`, in both orders, with retries of both. */
const twoTypes = engines.flatMap((engine) =>
  [
    ['message', 'message.any'],
    ['message.any', 'message'],
  ].map(([first = '', second = '']) => {
    const one = waha(first, message(bareId(), ann), engine);
    const other = asType(second, one);
    return row(
      `${first} and ${second} of one message (${engine})`,
      [one, 'new'],
      [other, { otherType: 0 }],
      [other, { again: 0 }],
      [one, { again: 0 }],
    );
  }),
);

/** The webhook of the session and the global one: one body, two requests. */
const twoWebhooks = engines.map((engine) => {
  const webhook = waha('message', message(bareId(), ann), engine);
  return row(
    `the session’s and the global webhook (${engine})`,
    [webhook, 'new'],
    [{ ...webhook, id: webhook.id }, { again: 0 }],
  );
});

/** One message by phone number and by LID, where the one copy has only this and the other only that. */
const twoSpellings = (['NOWEB', 'GOWS'] as const).flatMap((engine) =>
  [
    [ann, annLid as string],
    [annLid as string, ann],
  ].map(([one = '', other = '']) => {
    const id = bareId();
    return row(
      `one message from ${one} and from ${other} (${engine})`,
      [waha('message', message(id, one), engine), 'new'],
      [waha('message', message(id, other), engine), { again: 0 }],
      [waha('message.any', message(id, other), engine), { otherType: 0 }],
    );
  }),
);

/** One bare id in the chats of two people, as a broadcast list makes it. */
const broadcasts = (
  [
    ['message.any', ownMessage],
    ['message', message],
    ['message.ack', ack],
    ['message.reaction', reaction],
    ['message.edited', edit],
    ['message.revoked', revocation],
    ['poll.vote', vote],
    ['event.response', response],
  ] as const
).flatMap(([type, payloadOf]) =>
  [
    ['phone numbers', ann, bob],
    ['LIDs', annLid as string, bobLid as string],
  ].map(([spelling = '', one = '', other = '']) => {
    const id = bareId();
    const webhooks = [one, other].map((chat) => waha(type, payloadOf(id, chat)));
    return row(
      `a ${type} with one bare id and two people, by ${spelling}`,
      ...webhooks.map((webhook) => [webhook, 'new'] as const),
      ...webhooks.map((webhook, index) => [webhook, { again: index }] as const),
    );
  }),
);

/** One bare id of two authors in one chat. */
const authors = [group, 'status@broadcast'].flatMap((chat) =>
  (['message', 'message.any'] as const).map((type) => {
    const id = bareId();
    const [one, other] = [ann, bob].map((participant) =>
      waha(type, message(id, chat, { id: `false_${chat}_${id}_${participant}`, participant })),
    ) as [object, object];
    return row(
      `a ${type} with one bare id and two authors in ${chat}`,
      [one, 'new'],
      [other, 'new'],
      [one, { again: 0 }],
      [other, { again: 1 }],
    );
  }),
);

const readers = (['message.ack', 'message.ack.group'] as const).map((type) => {
  const id = bareId();
  const [one, other] = [ann, bob].map((participant) =>
    waha(type, ack(id, group, 3, { participant })),
  ) as [object, object];
  return row(
    `a ${type} of two readers of one message in a group`,
    [one, 'new'],
    [other, 'new'],
    [waha(type, ack(id, group, 3, { participant: ann })), { again: 0 }],
  );
});

const acknowledgements: readonly Row[] = [
  ...engines.map((engine) => {
    const id = bareId();
    return row(
      `an acknowledgement of one message, level and reader, with two event ids (${engine})`,
      [waha('message.ack', ack(id, ann), engine), 'new'],
      [waha('message.ack', ack(id, ann), engine), { again: 0 }],
      [waha('message.ack', ack(id, ann, 4), engine), 'new'],
    );
  }),
  ...[0, -1].map((level) => {
    const id = bareId();
    const last = waha('message.ack', ack(id, ann, level));
    return row(
      `acknowledgements of level ${level}: the event id decides`,
      [waha('message.ack', ack(id, ann, level)), 'new'],
      [last, 'new'],
      [last, { again: 1 }],
    );
  }),
  (() => {
    const id = bareId();
    const last = waha('message.ack.group', ack(id, group, 3));
    return row(
      'acknowledgements of readers that are not named: the event id decides',
      [waha('message.ack.group', ack(id, group, 3)), 'new'],
      [last, 'new'],
      [last, { again: 1 }],
    );
  })(),
];

const presence = (word: string) => ({
  id: ann,
  presences: [{ participant: ann, lastKnownPresence: word, lastSeen: null }],
});
const label = { id: '7', name: 'New', color: 1, colorHex: '#64c4ff' };

/** What goes to and fro: each report is a fact, also if it says the same as an earlier one. */
const toggles: readonly (readonly [type: string, ...payloads: object[]])[] = [
  ['presence.update', presence('typing'), presence('paused'), presence('typing')],
  ['chat.archive', ...[true, false, true].map((archived) => ({ id: ann, archived, timestamp: 7 }))],
  ['session.status', ...['STARTING', 'WORKING', 'STARTING'].map((status) => ({ status }))],
  ['label.upsert', label, { ...label, name: 'Old' }, label],
  ['label.chat.added', ...[1, 2].map(() => ({ labelId: '7', chatId: ann, label: null }))],
  ['message.ack', ...[-1, 0, -1].map((level) => ack('3EB0AAAAAAAAAAAAAAAA', ann, level))],
];

const toggledWithIds = toggles.map(([type, ...payloads]) => {
  const webhooks = payloads.map((payload) => waha(type, payload));
  const last = webhooks.length - 1;
  return row(
    `a ${type} to and fro, with event ids`,
    ...webhooks.map((webhook) => [webhook, 'new'] as const),
    [webhooks[last] as object, { again: last }],
  );
});

const toggledWithout = toggles.map(([type, ...payloads]): Row => {
  const reports = payloads.map((payload, index) => ({
    webhook: oldWaha(type, payload),
    owed: 'new' as const,
    headers: { 'x-webhook-request-id': `${type}-${index}-${++serial}` },
  }));
  const last = reports.length - 1;
  return {
    name: `a ${type} to and fro, without event id and time`,
    reports: [...reports, { ...(reports[last] as Report), owed: { again: last } }],
  };
});

const conflicts: readonly Row[] = [
  ...engines.map((engine) => {
    const id = bareId();
    const later = waha('message.any', ownMessage(id, ann, { body: 'completed' }), engine);
    return row(
      `other content under one message id (${engine})`,
      [waha('message.any', ownMessage(id, ann, { body: 'queued' }), engine), 'new'],
      [later, { conflict: 0 }],
      [later, { again: 1 }],
    );
  }),
  ...(['call.received', 'call.accepted', 'call.rejected'] as const).map((type) => {
    const id = bareId();
    return row(
      `a ${type} whose id is used again by another caller`,
      [waha(type, call(id, ann)), 'new'],
      [waha(type, call(id, bob)), { conflict: 0 }],
    );
  }),
];

const unreadable: readonly Row[] = [
  ...(
    [
      ['of an unknown type', (n: number) => waha('message.translated', { n })],
      ['with an invalid payload', (n: number) => waha('message', { id: [n], body: [n] })],
    ] as const
  ).map(([what, webhookOf]) => {
    const id = eventId();
    const [one, other] = [1, 2].map((n) => ({ ...webhookOf(n), id })) as [object, object];
    return row(
      `two bodies ${what} under one event id`,
      [one, 'new'],
      [other, 'new'],
      [one, { again: 0 }],
      [other, { again: 1 }],
    );
  }),
  row(
    'two texts that are no JSON',
    ['{"broken": 1', 'new'],
    ['{"broken": 2', 'new'],
    ['{"broken": 1', { again: 0 }],
  ),
];

/** Contract of same and different: every row, with what is owed for each of its reports. */
export const rows: readonly Row[] = [
  ...retries,
  ...twoTypes,
  ...twoWebhooks,
  ...twoSpellings,
  ...broadcasts,
  ...authors,
  ...readers,
  ...acknowledgements,
  ...toggledWithIds,
  ...toggledWithout,
  ...conflicts,
  ...unreadable,
];
