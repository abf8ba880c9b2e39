import { describe, expect, test } from '@jest/globals';
import { dataOf, me } from '../webhook.ts';
import {
  type Engine,
  fieldsOf,
  groupAddress,
  messageOf,
  noor,
  noorAddress,
  nowebData,
} from './engine-messages.ts';

const us = { kind: 'user', id: me.id, phone: '+447700900100', lid: me.lid };
const stranger = { kind: 'user', id: '206158430200199@lid', lid: '206158430200199@lid' };

/** A text of Noor's with what surrounds it, as each engine writes it. */
const withContext = (engine: Engine, info: object, more: object = {}) => {
  const content =
    engine === 'WEBJS' || engine === 'WPP'
      ? { type: 'chat', body: 'Ahoy', ...info, ...more }
      : { extendedTextMessage: { text: 'Ahoy', contextInfo: info }, ...more };
  return dataOf('message', messageOf(engine, content, { body: 'Ahoy' }), fieldsOf(engine));
};

describe('a mention', () => {
  const named = [me.lid, stranger.id];
  const groups = { WEBJS: 'groupJid', WPP: 'groupJid', NOWEB: 'groupJid', GOWS: 'groupJID' };
  const lists: Record<Engine, object> = {
    WEBJS: { mentionedJidList: [{ _serialized: named[0] }, named[1]] },
    WPP: { mentionedJidList: named },
    NOWEB: { mentionedJid: named },
    GOWS: { mentionedJID: named },
  };

  test.each(Object.entries(lists))(
    'is read from %s, and this account is completed from `me`',
    (engine, info) => {
      const data = withContext(engine as Engine, info);
      expect(data.mentions).toStrictEqual([us, stranger]);
      expect(data.mentionsMe).toBe(true);
    },
  );

  test.each(Object.entries(groups))('may be a group, from %s', (engine, field) => {
    const data = withContext(engine as Engine, {
      groupMentions: [{ [field]: groupAddress, groupSubject: 'Choir' }],
    });
    expect(data.mentions).toStrictEqual([{ kind: 'group', id: groupAddress }]);
    expect(data.mentionsMe).toBe(false);
  });

  test('of somebody else, or none, is not of this account', () => {
    expect(withContext('NOWEB', { mentionedJid: [stranger.id] }).mentionsMe).toBe(false);
    expect(withContext('NOWEB', { mentionedJid: [] })).not.toHaveProperty('mentions');
    expect(withContext('NOWEB', {})).not.toHaveProperty('mentionsMe');
  });

  test('by hidden id is unknown to be this account if the body has only its phone number', () => {
    const payload = messageOf('NOWEB', {
      extendedTextMessage: { text: 'Ahoy', contextInfo: { mentionedJid: [stranger.id] } },
    });
    const data = dataOf('message', payload, { ...fieldsOf('NOWEB'), me: { id: me.id } });
    expect(data.mentions).toStrictEqual([stranger]);
    expect(data).not.toHaveProperty('mentionsMe');
  });
});

describe('a forwarded text', () => {
  const engines: readonly Engine[] = ['WEBJS', 'WPP', 'NOWEB', 'GOWS'];
  test.each(engines)('has the number of forwards from %s', (engine) => {
    const forwarded = (info: object) => withContext(engine, info).forwarded;
    expect(forwarded({ isForwarded: true, forwardingScore: 2 })).toStrictEqual({
      count: 2,
      frequently: false,
    });
    expect(forwarded({ isForwarded: true, forwardingScore: 5 })).toStrictEqual({
      count: 5,
      frequently: true,
    });
    expect(forwarded({ isForwarded: true })).toStrictEqual({ frequently: false });
    expect(forwarded({ isForwarded: false, forwardingScore: 0 })).toBeUndefined();
  });

  test.each(engines)('that disappears has the time until then from %s', (engine) => {
    const field = engine === 'WEBJS' || engine === 'WPP' ? 'ephemeralDuration' : 'expiration';
    expect(withContext(engine, { [field]: 604800 }).expiresAfterSeconds).toBe(604800);
    expect(withContext(engine, { [field]: 0 })).not.toHaveProperty('expiresAfterSeconds');
  });
});

describe('the ad that a person came from', () => {
  const referral = {
    source: 'ad',
    sourceId: '12021',
    url: 'https://fb.example/1',
    headline: 'Boats',
    text: 'First hour free',
    clickId: 'click-1',
    app: 'facebook',
    entryPoint: 'ctwa_ad',
  };
  const shared = { sourceType: 'ad', title: 'Boats', ctwaClid: 'click-1', sourceApp: 'facebook' };
  const web = {
    ctwaContext: {
      ...shared,
      sourceId: '12021',
      sourceUrl: 'https://fb.example/1',
      description: 'First hour free',
      entryPointConversionSource: 'ctwa_ad',
    },
  };
  const entryPoint = { entryPointConversionSource: 'ctwa_ad' };
  const forms: Record<Engine, object> = {
    WEBJS: web,
    WPP: web,
    NOWEB: {
      externalAdReply: {
        ...shared,
        body: 'First hour free',
        sourceId: '12021',
        sourceUrl: 'https://fb.example/1',
      },
      ...entryPoint,
    },
    GOWS: {
      externalAdReply: {
        ...shared,
        body: 'First hour free',
        sourceID: '12021',
        sourceURL: 'https://fb.example/1',
      },
      ...entryPoint,
    },
  };

  test.each(Object.entries(forms))('is read from %s', (engine, info) => {
    expect(withContext(engine as Engine, info).referral).toStrictEqual(referral);
  });

  test('is absent for an ordinary link preview', () => {
    const preview = { externalAdReply: { title: 'Boats', sourceUrl: 'https://x.example' } };
    expect(withContext('NOWEB', preview)).not.toHaveProperty('referral');
  });
});

describe('a reply', () => {
  const replyTo = {
    messageId: '3EB0B1',
    author: us,
    chat: noor,
    body: 'Which boat?',
  };
  const forms: Record<Engine, object> = {
    WEBJS: {
      quotedStanzaID: '3EB0B1',
      quotedParticipant: { _serialized: me.id },
      quotedMsg: { type: 'chat', body: 'Which boat?' },
    },
    WPP: {
      quotedStanzaID: '3EB0B1',
      quotedParticipant: me.id,
      quotedMsg: { type: 'chat', body: 'Which boat?' },
    },
    NOWEB: {
      stanzaId: '3EB0B1',
      participant: me.lid,
      quotedMessage: { conversation: 'Which boat?' },
    },
    GOWS: {
      stanzaID: '3EB0B1',
      participant: '447700900100:7@s.whatsapp.net',
      quotedMessage: { conversation: 'Which boat?' },
    },
  };

  test.each(Object.entries(forms))(
    'has the quoted message, its author and the chat, which WAHA does not report: %s',
    (engine, info) => {
      expect(withContext(engine as Engine, info).replyTo).toStrictEqual(replyTo);
    },
  );

  test.each<[Engine, object]>([
    [
      'WEBJS',
      { quotedStanzaID: '3EB0B1', quotedParticipant: me.id, quotedRemoteJid: 'status@broadcast' },
    ],
    [
      'WPP',
      {
        quotedStanzaID: '3EB0B1',
        quotedParticipant: me.id,
        quotedRemoteJid: { _serialized: 'status@broadcast' },
      },
    ],
    ['NOWEB', { stanzaId: '3EB0B1', participant: me.id, remoteJid: 'status@broadcast' }],
    ['GOWS', { stanzaID: '3EB0B1', participant: me.id, remoteJID: 'status@broadcast' }],
  ])('to a story is a reply, from %s', (engine, info) => {
    expect(withContext(engine, info).replyTo).toMatchObject({
      author: us,
      chat: { kind: 'status' },
    });
  });

  test('is in this chat although the other person’s device names this account as the chat', () => {
    const info = { stanzaID: '3EB0B1', remoteJID: me.lid };
    expect(withContext('GOWS', info).replyTo?.chat).toStrictEqual(noor);
  });

  test('to a file has the type of the file', () => {
    const imageMessage = { mimetype: 'image/jpeg', fileLength: 800, caption: 'Low tide' };
    const info = { stanzaID: '3EB0B1', quotedMessage: { imageMessage } };
    expect(withContext('GOWS', info).replyTo).toMatchObject({
      body: 'Low tide',
      hasMedia: true,
      media: { available: false, mimetype: 'image/jpeg', bytes: 800 },
    });
  });

  test('to a reply is read without the reply before it', () => {
    const nest = (depth: number): object =>
      depth === 0
        ? { conversation: 'Ahoy' }
        : {
            extendedTextMessage: {
              text: String(depth),
              contextInfo: { stanzaId: 'A', quotedMessage: nest(depth - 1) },
            },
          };
    const data = dataOf('message', messageOf('NOWEB', nest(100)), fieldsOf('NOWEB'));
    expect(data.replyTo).toMatchObject({ messageId: 'A', body: '99' });
  });
});

describe('a message that this account wrote', () => {
  const written = (participant: string, extra: object = {}) =>
    dataOf('message', {
      id: `false_${groupAddress}_3EB0A1_${participant}`,
      from: groupAddress,
      participant,
      fromMe: false,
      body: 'Ahoy',
      _data: nowebData({ message: { conversation: 'Ahoy' } }),
      ...extra,
    });

  test('is outbound whatever the engine’s flag is, by hidden id and by phone number', () => {
    for (const participant of [me.lid, me.id]) {
      expect(written(participant)).toMatchObject({ direction: 'outbound', author: us });
    }
    expect(written(noorAddress).direction).toBe('inbound');
  });

  test('is outbound also in the chat with oneself', () => {
    const note = { id: `false_${me.id}_3EB0A1`, from: me.id, fromMe: false, body: 'Buy rope' };
    expect(dataOf('message', note)).toMatchObject({ direction: 'outbound', author: us });
  });

  test('is not a message that this account has only read', () => {
    const read = {
      id: `false_${groupAddress}_3EB0A1_${noorAddress}`,
      from: groupAddress,
      participant: me.lid,
      fromMe: false,
      ack: 3,
    };
    expect(dataOf('message.ack.group', read)).toMatchObject({
      direction: 'inbound',
      recipient: us,
    });
  });
});

describe('a message that somebody reacts to in a group, from GOWS', () => {
  const target = (messageId: string) =>
    dataOf(
      'message.reaction',
      {
        id: `false_${groupAddress}_3EB0R1_${noorAddress}`,
        from: groupAddress,
        participant: noorAddress,
        fromMe: false,
        reaction: { text: '👍', messageId },
      },
      fieldsOf('GOWS'),
    ).target;

  test('is ours or theirs if the key says so, and otherwise of an unknown author', () => {
    expect(target(`false_${groupAddress}_3EB0A1_${me.lid}`)).toMatchObject({
      id: '3EB0A1',
      fromMe: true,
      chat: groupAddress,
    });
    expect(target(`true_${groupAddress}_3EB0A1`)).toMatchObject({
      fromMe: false,
      participant: noorAddress,
    });
    expect(target(`false_${groupAddress}_3EB0A1_${stranger.id}`)).toMatchObject({
      fromMe: false,
      participant: stranger.id,
    });
  });
});

describe('a poll that somebody votes in', () => {
  test('is ours although the key has this account as the chat', () => {
    const vote = {
      id: `false_${noorAddress}_3EB0V1`,
      from: noorAddress,
      fromMe: false,
      selectedOptions: ['Row'],
    };
    const poll = { id: `false_${me.lid}_3EB0P1` };
    const data = dataOf('poll.vote', { vote, poll }, fieldsOf('GOWS'));
    expect(data.poll).toStrictEqual({ id: '3EB0P1', fromMe: true, chat: noorAddress });
  });
});
