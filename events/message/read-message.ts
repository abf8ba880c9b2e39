import { readAck } from '../ack.ts';
import { readAddress } from '../address.ts';
import { toInstant } from '../instant.ts';
import type { WireContext } from '../kind.ts';
import { readMessageId } from '../message-id.ts';
import { ownText } from '../own.ts';
import { present, presentOrNone } from '../present.ts';
import { itemsOf } from '../wire-value.ts';
import { readLocation } from './location.ts';
import { readMedia } from './media.ts';
import type { Message } from './message-data.ts';
import { readParties } from './parties.ts';
import type { WireMessage } from './wire-message.ts';

/** Makes a message of any engine's or sender's payload. */
export function readMessage(wire: WireMessage, context: WireContext): Message {
  const media = readMedia(wire.media, wire.mediaUrl);
  return present({
    ...readParties(wire, context),
    sentAt: toInstant(wire.timestamp),
    authorName:
      ownText(wire._data, 'pushName') ??
      ownText(wire._data, 'Info', 'PushName') ??
      ownText(wire._data, 'notifyName'),
    source: readSource(wire.source),
    body: readBody(wire),
    hasMedia: wire.hasMedia ?? (media ? true : undefined),
    media,
    location: readLocation(wire.location),
    vcards: readVcards(wire.vCards),
    replyTo: readReplyTo(wire.replyTo),
    ack:
      wire.ack === undefined && wire.ackName == null ? undefined : readAck(wire.ack, wire.ackName),
  });
}

/** `api` and `app` are all there is; anything else is not said. */
export function readSource(source: string | null | undefined): 'api' | 'app' | undefined {
  return source === 'api' || source === 'app' ? source : undefined;
}

/** Base64 of the first bytes of a JPEG, which is what WEBJS puts in the body of a location. */
const JPEG = /^\/9j\/[A-Za-z0-9+/]{60,}={0,2}$/;

function readBody(wire: WireMessage): string | undefined {
  if (!wire.body) return undefined;
  return (wire.location || wire.hasMedia) && JPEG.test(wire.body) ? undefined : wire.body;
}

function readVcards(wire: WireMessage['vCards']): string[] | undefined {
  const cards = itemsOf(wire)?.filter((card) => typeof card === 'string');
  return cards?.length ? cards : undefined;
}

function readReplyTo(wire: WireMessage['replyTo']): Message['replyTo'] {
  if (!wire) return undefined;
  const media = readMedia(wire.media);
  return presentOrNone({
    messageId: readMessageId(wire.id)?.id,
    author: readAddress(wire.participant),
    body: wire.body || undefined,
    hasMedia: wire.hasMedia ?? (media ? true : undefined),
    media,
  });
}
