import { me } from '../webhook.ts';

/** The engines whose own objects say what a message is. */
export const engines = ['WEBJS', 'WPP', 'NOWEB', 'GOWS'] as const;
export type Engine = (typeof engines)[number];

export const noorAddress = '12025550142@c.us';
export const noor = { kind: 'user', id: noorAddress, phone: '+12025550142' } as const;
export const groupAddress = '120363020000000042@g.us';
const idRule = '3EB0C8A41F5D7E9B20A1';

/** Fields of WAHA's own beside the engine's object. */
export interface Wire {
  readonly body?: string | null;
  readonly hasMedia?: boolean;
  readonly [field: string]: unknown;
}

/** A message from Noor as one engine sends it, around what the engine calls its content. */
export function messageOf(engine: Engine, content: object, wire: Wire = {}) {
  const head = {
    id: `false_${noorAddress}_${idRule}`,
    timestamp: 1767268800,
    from: noorAddress,
    fromMe: false,
  };
  const rest = { body: null, hasMedia: false, ...wire };
  switch (engine) {
    case 'NOWEB':
      return { ...head, ...rest, _data: nowebData({ message: content }) };
    case 'GOWS':
      return { ...head, ...rest, _data: { Info: gowsInfo, Message: content } };
    default:
      return {
        ...head,
        to: me.id,
        ...rest,
        _data: { id: { id: idRule }, t: 1767268800, ...content },
      };
  }
}

/** Baileys' `WebMessageInfo` of Noor's message. */
export const nowebData = (fields: object) => ({
  key: { remoteJid: '12025550142@s.whatsapp.net', fromMe: false, id: idRule },
  messageTimestamp: '1767268800',
  pushName: 'Noor',
  ...fields,
});

const gowsInfo = {
  Chat: '12025550142@s.whatsapp.net',
  Sender: '12025550142@s.whatsapp.net',
  SenderAlt: '',
  IsFromMe: false,
  IsGroup: false,
  idRule,
  Type: 'text',
  PushName: 'Noor',
  Timestamp: '2026-01-01T12:00:00Z',
};

/** What a body says of its engine and of the sender's version. */
export const fieldsOf = (engine: Engine, version = '2026.9.2') => ({
  engine,
  environment: { version, engine, tier: 'CORE', browser: null },
});
