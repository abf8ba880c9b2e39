import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';
import type { Address } from '../../events/address.ts';
import { runCommand } from '../cli/run-command.ts';
import { type BodyFields, wahaBody } from '../events/webhook.ts';
import { assembleProject } from './assembly.ts';
import { TappedPipeline } from './bus-tap.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'identities-'));
const start = async () => TappedPipeline.start(await assembleProject(), { dataDirectory });
let pipeline: TappedPipeline;

beforeAll(async () => {
  pipeline = await start();
});

afterAll(async () => {
  await pipeline?.close();
  rmSync(dataDirectory, { recursive: true });
});

/** A person with a phone number and a LID. */
interface Person {
  readonly digits: string;
  readonly lid: string;
}

const noor: Person = { digits: '12025550142', lid: '206158430200142@lid' };
const omar: Person = { digits: '12025550143', lid: '206158430200143@lid' };
const rosa: Person = { digits: '12025550144', lid: '206158430200144@lid' };

const phoneChat = ({ digits }: Person) => `${digits}@c.us`;

let sent = 0;

/** What a webhook became on the bus. */
async function publish(type: string, payload: object, fields: BodyFields = {}) {
  sent += 1;
  const before = pipeline.events.length;
  const answer = await pipeline.post(
    wahaBody(type, payload, {
      ...{ id: `evt_identity_${sent}`, timestamp: Date.UTC(2026, 1, 1) + sent * 1000 },
      engine: 'GOWS',
      ...fields,
    }),
  );
  expect(answer.status).toBe(202);
  await pipeline.settle();
  const event = pipeline.events.slice(before).find(({ meta }) => meta.id === answer.body.id);
  if (!event) {
    throw new Error(`${type} is not on the bus`);
  }
  return event;
}

/** A message on GOWS, whose `_data` names both addresses. */
const message = ({ digits, lid }: Person, fields?: BodyFields) =>
  publish(
    'message',
    {
      ...{ id: `false_${lid}_3EB0${sent}`, timestamp: 1769904000, from: lid, fromMe: false },
      ...{ body: 'hello', hasMedia: false },
      _data: {
        Info: { Chat: lid, Sender: lid, SenderAlt: `${digits}:3@s.whatsapp.net`, IsFromMe: false },
      },
    },
    fields,
  );

/** What names the LID alone on GOWS and NOWEB. */
const byLidAlone: Readonly<
  Record<
    'a reaction' | 'a receipt' | 'a typing notice' | 'a call' | 'a deleted message' | 'an edit',
    (lid: string) => readonly [type: string, payload: object]
  >
> = {
  'a reaction': (lid) => [
    'message.reaction',
    {
      ...{ id: `false_${lid}_3A${sent}`, timestamp: 1769904010, from: lid, fromMe: false },
      reaction: { text: '👍', messageId: `true_${lid}_3EB0F9` },
    },
  ],
  'a receipt': (lid) => [
    'message.ack',
    { id: `true_${lid}_3EB0A${sent}`, from: lid, fromMe: true, ack: 3, ackName: 'READ' },
  ],
  'a typing notice': (lid) => [
    'presence.update',
    { id: lid, presences: [{ participant: lid, lastKnownPresence: 'typing' }] },
  ],
  'a call': (lid) => [
    'call.received',
    { id: `CALL${sent}`, from: lid, timestamp: 1769904020, isVideo: false, isGroup: false },
  ],
  'a deleted message': (lid) => [
    'message.revoked',
    { before: null, after: { id: `false_${lid}_3EBD${sent}`, from: lid, fromMe: false } },
  ],
  'an edit': (lid) => [
    'message.edited',
    {
      ...{ id: `false_${lid}_3EBE${sent}`, timestamp: 1769904030, from: lid, fromMe: false },
      ...{ body: 'hello!', editedMessageId: '3EB0F9' },
    },
  ],
};

const chatOf = (event: { readonly data: Record<string, unknown> }) => event.data.chat as Address;

describe('once a webhook has named phone number and LID of a person', () => {
  beforeAll(async () => {
    expect((await message(noor)).meta.chat).toBe(phoneChat(noor));
  });

  test.each(Object.entries(byLidAlone))(
    '%s by LID alone has the chat of the message, and the phone number',
    async (_, payloadOf) => {
      const event = await publish(...payloadOf(noor.lid));
      expect(event.meta.chat).toBe(phoneChat(noor));
      expect(chatOf(event)).toStrictEqual({
        ...{ kind: 'user', id: phoneChat(noor), phone: `+${noor.digits}`, lid: noor.lid },
      });
      expect(event.meta.identities).toBeUndefined();
    },
  );

  test('the same holds for the author in a group, and for mentioned people', async () => {
    const group = '120363020000000042@g.us';
    const event = await publish('message', {
      ...{ id: `false_${group}_3EBF_${noor.lid}`, timestamp: 1769904040, from: group },
      ...{ participant: noor.lid, fromMe: false, body: '@206158430200142 look', hasMedia: false },
      _data: {
        Message: { extendedTextMessage: { contextInfo: { mentionedJID: [noor.lid] } } },
      },
    });
    const person = { phone: `+${noor.digits}`, lid: noor.lid };
    expect(event.meta.chat).toBe(group);
    expect(event.data).toMatchObject({ author: person, mentions: [person] });
  });

  test('an event by phone number alone has the LID', async () => {
    const event = await publish(
      'presence.update',
      {
        id: phoneChat(noor),
        presences: [{ participant: phoneChat(noor), lastKnownPresence: 'online' }],
      },
      { engine: 'WEBJS' },
    );
    expect(chatOf(event).lid).toBe(noor.lid);
  });

  test('people who write alternately keep their own chats', async () => {
    await message(omar);
    await message(rosa);
    for (const person of [noor, rosa, omar, rosa, noor]) {
      const event = await publish(...byLidAlone['a reaction'](person.lid));
      expect(event.meta.chat).toBe(phoneChat(person));
    }
  });

  test('another account does not know them, nor does another session', async () => {
    const other = { id: '447700900199@c.us', lid: '118832900000199@lid' };
    for (const fields of [{ me: other }, { session: 'other' }, { session: 'other', me: other }]) {
      const event = await publish(...byLidAlone['a reaction'](noor.lid), fields);
      expect(event.meta.chat).toBe(noor.lid);
      expect(chatOf(event)).toStrictEqual({ kind: 'user', id: noor.lid, lid: noor.lid });
    }
  });
});

test('for a person of whom no webhook has named both, nothing is invented', async () => {
  const lid = '206158430200199@lid';
  for (const payloadOf of Object.values(byLidAlone)) {
    const event = await publish(...payloadOf(lid));
    expect(event.meta.chat).toBe(lid);
    expect(chatOf(event)).toStrictEqual({ kind: 'user', id: lid, lid });
    expect(event.meta.identities).toBeUndefined();
  }
});

test('a retry after the pair was learned has the id of the first, and is a duplicate', async () => {
  const person: Person = { digits: '12025550145', lid: '206158430200145@lid' };
  const body = wahaBody('message.reaction', byLidAlone['a reaction'](person.lid)[1], {
    ...{ id: 'evt_identity_retried', engine: 'GOWS' },
  });
  const first = await pipeline.post(body);
  await message(person);
  const retried = await pipeline.post(body);
  expect(retried).toMatchObject({ status: 200, body: { id: first.body.id } });
});

test('the members of a group are learned from its list', async () => {
  const people = Array.from({ length: 120 }, (_, index) => ({
    id: `3000000000${1000 + index}@lid`,
    pn: `1202555${1000 + index}@s.whatsapp.net`,
    role: 'participant',
  }));
  await publish('group.v2.join', {
    timestamp: 1769904050,
    group: { id: '120363020000000043@g.us', subject: 'Choir', participants: people },
    _data: {},
  });
  for (const { id, pn } of [people[0], people[60], people[119]].flatMap((each) => each ?? [])) {
    const event = await publish(...byLidAlone['a typing notice'](id));
    expect(event.meta.chat).toBe(pn.replace('s.whatsapp.net', 'c.us'));
  }
});

describe('fanout identity', () => {
  const ann: Person = { digits: '12025550150', lid: '206158430200150@lid' };
  const bob: Person = { digits: '12025550151', lid: '206158430200151@lid' };
  const choir = '120363020000000050@g.us';

  const fanout = async (...words: readonly string[]) =>
    runCommand(createProgram(), ...words, '--endpoint', pipeline.run.awsEndpoint);
  const rowsOf = async (...words: readonly string[]) =>
    (await fanout(...words, '--json')).lines.map((line) => JSON.parse(line));

  /** Repeats a question until the consumers have processed what was published. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) {
      await pipeline.settle();
    }
  }

  const chats = async () => (await rowsOf('state', 'chats')).map(({ chat }) => chat.id);
  const members = async () =>
    (await rowsOf('state', 'group', choir)).flatMap(({ members }) => members);
  const history = async () =>
    (await rowsOf('state', 'group', choir)).flatMap(({ history }) => history);

  const inChoir = (person: Person, action: string, at: number, by: Person) =>
    publish(
      'group.v2.participants',
      {
        ...{ type: action, timestamp: 1769904100 + at, group: { id: choir } },
        participants: [{ id: person.lid, pn: `${person.digits}@c.us`, role: 'participant' }],
        _data: { author: by.lid, authorPn: `${by.digits}@s.whatsapp.net` },
      },
      { engine: 'NOWEB' },
    );

  beforeAll(async () => {
    await message(ann);
    await message(bob);
    await publish(...byLidAlone['a call'](ann.lid));
    await inChoir(ann, 'join', 0, bob);
    await inChoir(bob, 'promote', 1, ann);
    await until(async () => {
      const [known, inGroup, calls] = [
        await chats(),
        await members(),
        await rowsOf('state', 'calls'),
      ];
      return (
        [ann, bob].every((person) => known.includes(phoneChat(person))) &&
        inGroup.length === 2 &&
        calls.some(({ caller }) => caller.id === phoneChat(ann))
      );
    });
  });

  test('shows who is who, since when and to which account, by number or by LID', async () => {
    const [row] = await rowsOf('identity', '+1 202 555 0150');
    expect(row).toMatchObject({
      ...{ phone: `+${ann.digits}`, lid: ann.lid, session: 'default', account: '+447700900100' },
    });
    expect(await rowsOf('identity', ann.lid)).toEqual([row]);
    const { lines } = await fanout('identity', ann.lid);
    expect(lines.join('\n')).toMatch(/phone +hidden id +account +since +last seen/);
    expect((await fanout('identity', '+12025550199')).lines.join()).toContain(
      'Nothing is known of',
    );
  });

  test('refuses what is neither a number nor a LID', async () => {
    await expect(fanout('identity', 'nobody')).rejects.toThrow('neither a phone number');
  });

  test('counts what forget would delete, and deletes nothing without confirmation', async () => {
    const [counted] = await rowsOf('identity', 'forget', ann.lid, '--dry-run');
    expect(counted).toMatchObject({
      addresses: [ann.lid, `+${ann.digits}`],
      ...{ deleted: false, mentions: 1 },
      // The call, its record of publication, and which addresses are one person's.
      counts: { pairs: 2, calls: 4 },
    });
    await expect(fanout('identity', 'forget', ann.lid)).rejects.toThrow('--yes');
    expect(await rowsOf('identity', ann.lid)).toHaveLength(1);
    expect(await chats()).toContain(phoneChat(ann));
  });

  test('forgets a person: pair, chat, messages, calls, membership; and no other person', async () => {
    const [deleted] = await rowsOf('identity', 'forget', `+${ann.digits}`, '--yes');
    expect(deleted).toMatchObject({ deleted: true, counts: { pairs: 2 } });
    expect(await rowsOf('identity', ann.lid)).toEqual([]);
    for (const address of [phoneChat(ann), ann.lid]) {
      expect(await rowsOf('state', 'chat', address)).toEqual([]);
    }
    expect(await chats()).not.toContain(phoneChat(ann));
    expect(await chats()).toContain(phoneChat(bob));
    expect((await rowsOf('state', 'calls')).map(({ caller }) => caller.id)).not.toContain(
      phoneChat(ann),
    );
    expect(await members()).toMatchObject([{ person: { lid: bob.lid } }]);
    expect(await history()).toMatchObject([{ action: 'promote', person: { lid: bob.lid } }]);
    expect(JSON.stringify(await history())).not.toContain(ann.digits);
    expect(await rowsOf('identity', bob.lid)).toHaveLength(1);
    const again = await fanout('identity', 'forget', `+${ann.digits}`, '--yes');
    expect(again.lines.join()).toContain('Nothing is stored about');
  });
});

test('what was learned is known after a restart', async () => {
  await message(noor);
  await pipeline.close();
  pipeline = await start();
  const event = await publish(...byLidAlone['a receipt'](noor.lid));
  expect(event.meta.chat).toBe(phoneChat(noor));
});
