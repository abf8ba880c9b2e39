import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Arrivals } from '../../cli/local/arrivals.ts';
import { stateCommand } from '../../cli/state.ts';
import type { EnvelopeOf } from '../../events/envelope.ts';
import { missedCall } from '../../events/missed-call.ts';
import { postWebhook } from '../../ops/send-webhook.ts';
import { runCommand } from '../cli/run-command.ts';
import { onlyEvent, wahaBody } from '../events/webhook.ts';
import { testSecret } from './secrets.ts';
import { startProject, webhookUrlOf } from './start-project.ts';

const arrivals = new Arrivals();
let run: LocalRun;
let url: string;

beforeAll(async () => {
  run = await startProject({ observer: arrivals.observer });
  url = webhookUrlOf(run);
});

afterAll(async () => {
  await run?.close();
});

const chat = '12025550142@c.us';
let sent = 0;

/** Sends a webhook and waits until its consumer's function has handled it. */
async function send(type: string, payload: object, consumer: string): Promise<void> {
  const fields = { id: `evt_state_${++sent}`, timestamp: Date.UTC(2026, 1, 1) + sent * 1000 };
  const body = JSON.stringify(wahaBody(type, payload, fields));
  const proof = { kind: 'signature', secret: testSecret } as const;
  const answer = await postWebhook(url, body, proof);
  expect(answer.status).toBe(202);
  const { id } = answer.body as { id: string };
  const name = `whatsapp-dev-${consumer}`;
  const arrival = await arrivals.of(id, ({ functions }) => functions.has(name), 60_000);
  expect([...arrival.functions.keys()]).toContain(name);
}

/** What a command prints, each line of JSON as an object. */
async function read(...words: readonly string[]): Promise<Record<string, unknown>[]> {
  const endpoint = ['--endpoint', run.awsEndpoint, '--json'];
  const { lines } = await runCommand(stateCommand(), ...words, ...endpoint);
  return lines.map((line) => JSON.parse(line));
}

/** What a command prints as a table. */
async function show(...words: readonly string[]): Promise<string> {
  const endpoint = ['--endpoint', run.awsEndpoint];
  return (await runCommand(stateCommand(), ...words, ...endpoint)).lines.join('\n');
}

const id = 'true_12025550142@c.us_3EB0A94D06C2F17E8B35';
const head = { from: chat, fromMe: true, source: 'api' };

describe('what webhooks report, the commands show', () => {
  test('before the first webhook, that nothing is known', async () => {
    for (const command of ['chats', 'calls', 'labels', 'sessions']) {
      expect(await show(command)).toMatch(/^No \w+ is known yet/);
    }
    expect(await show('chat', '+12025550142')).toContain('No message of 12025550142@c.us');
    expect(await show('group', '120363020000000042')).toContain('Nothing is known of');
  });

  test('a message with its later events, also if these arrive first', async () => {
    await send('message.ack', { id, ...head, ack: 3, ackName: 'READ' }, 'messages');
    const reaction = { text: '👍', messageId: id };
    await send(
      'message.reaction',
      {
        ...{ id: 'false_12025550142@c.us_3EB0F6B8D7A31C94E250', from: chat, fromMe: false },
        ...{ timestamp: 1769904010, reaction },
      },
      'messages',
    );
    const edit = 'true_12025550142@c.us_3EB04C1A7FD2E8935B60';
    await send(
      'message.edited',
      {
        ...{ id: edit, ...head, timestamp: 1769904005, body: 'Open until\u001b[2J six' },
        editedMessageId: '3EB0A94D06C2F17E8B35',
      },
      'messages',
    );
    await send(
      'message.any',
      { id, ...head, timestamp: 1769904000, body: 'Open until five', hasMedia: false, ack: 1 },
      'messages',
    );
    expect(await read('chats')).toMatchObject([
      { session: 'default', chat: { id: chat, phone: '+12025550142' } },
    ]);
    expect(await read('chat', '+1 202 555 0142')).toMatchObject([
      {
        ...{ direction: 'outbound', body: 'Open until\u001b[2J six', ack: { name: 'read' } },
        ...{ edits: [{}], reactions: [{ emoji: '👍' }] },
      },
    ]);
    const table = await show('chat', chat);
    expect(table).toContain('Open until�[2J six');
    expect(table).toContain('read, edited, 👍');
    expect(await show('chats')).toContain('+12025550142');
  });

  test('a contact who calls himself "me" with a tilde before the name, as for every contact', async () => {
    await send(
      'message',
      {
        ...{ id: 'false_447700900123@c.us_3EB0AA', from: '447700900123@c.us', fromMe: false },
        ...{ timestamp: 1769904050, body: 'Pay them', hasMedia: false, _data: { pushName: 'me' } },
      },
      'messages',
    );
    expect(await show('chat', '+447700900123')).toMatch(/ ~ me +Pay them/);
  });

  test('a missed call, which call.missed reports on the bus', async () => {
    const call = { id: '7C21E09B4AD85F36', from: chat, timestamp: 1769904100, isVideo: false };
    await send('call.received', call, 'calls');
    await send('call.rejected', { ...call, timestamp: 1769904130 }, 'calls');
    expect(await read('calls')).toMatchObject([{ outcome: 'missed', caller: { id: chat } }]);
    expect(await show('calls')).toContain('missed');
    const ended = onlyEvent(wahaBody('call.rejected', call)) as EnvelopeOf<'call.rejected'>;
    const missed = missedCall(ended);
    const { functions } = await arrivals.of(
      missed.meta.id,
      (each) => each.functions.size > 0,
      60_000,
    );
    expect([...functions.keys()]).toEqual(['whatsapp-dev-calls']);
  });

  test('a webhook that claims to be call.missed is unrecognized', async () => {
    const body = JSON.stringify(wahaBody('call.missed', { id: 'C1' }));
    const proof = { kind: 'signature', secret: testSecret } as const;
    const answer = await postWebhook(url, body, proof);
    expect(answer).toMatchObject({ status: 202, body: { type: 'unrecognized' } });
  });

  test('a group with its members', async () => {
    const group = { id: '120363020000000042@g.us' };
    const member = { id: chat, role: 'participant' };
    await send(
      'group.v2.participants',
      { type: 'join', timestamp: 1769904200000, group, participants: [member] },
      'groups',
    );
    await send(
      'group.v2.update',
      { timestamp: 1769904201000, group: { ...group, subject: 'Choir' } },
      'groups',
    );
    expect(await read('group', group.id)).toMatchObject([
      { info: { subject: 'Choir' }, members: [{ person: { id: chat }, role: 'participant' }] },
    ]);
    expect(await show('group', '120363020000000042')).toContain('Choir');
  });

  test('labels and the chats that have them', async () => {
    const label = { id: '7', name: 'Paid', color: 3, colorHex: '#FFD429' };
    await send('label.chat.added', { labelId: '7', chatId: chat, label: null }, 'labels');
    await send('label.upsert', label, 'labels');
    expect(await read('labels')).toMatchObject([{ id: '7', name: 'Paid', chats: [{ id: chat }] }]);
    expect(await read('labels', '--chat', '+12025550142')).toHaveLength(1);
    expect(await show('labels', '--label', '7')).toContain(chat);
    await send('label.deleted', { ...label, name: '' }, 'labels');
    expect(await read('labels')).toEqual([]);
  });

  test('sessions, with the phone number and the history of each', async () => {
    await send('session.status', { name: 'default', status: 'WORKING' }, 'sessions');
    await send('session.status', { name: 'default', status: 'FAILED' }, 'sessions');
    expect(await read('sessions')).toMatchObject([
      { session: 'default', status: 'FAILED', account: '447700900100@c.us' },
    ]);
    const [session] = await read('sessions', '--session', 'default');
    expect(session?.history).toMatchObject([{ status: 'FAILED' }, { status: 'WORKING' }]);
  });
});
