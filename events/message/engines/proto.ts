import { safeName } from '../../drift.ts';
import { own, ownText, present, presentOrNone } from '../../own.ts';
import type { EngineQuote, EngineReading } from './engine-reading.ts';
import { createProtoContents } from './proto-contents.ts';
import { besides, known, wrappers } from './proto-words.ts';
import { isEnum, isObject, listOf, readCount, readPositive } from './raw-value.ts';
import { createFields, type Spelling } from './spelling.ts';

/** Reads messages of WhatsApp's own format, which NOWEB and GOWS pass on in two spellings. */
export interface ProtoReader {
  /** Reads a `waE2E.Message`. */
  readMessage(message: unknown): EngineReading;
  /** Bare id of the message that a `waE2E.Message` edits or revokes, at any depth. */
  readTargetId(message: unknown): string | undefined;
}

/** Maximum depth of nested wrappers; WhatsApp's own clients use three. */
const maxWrappers = 8;

/** A reading without any field. */
const nothing: EngineReading = {};

/** Creates a reader for one engine's spelling. */
export function createProtoReader(spelling: Spelling): ProtoReader {
  const fields = createFields(spelling);
  const { get, text } = fields;
  const contents = createProtoContents(fields, read);
  const messageName = [spelling.message].flat()[0]?.split('.')[0];

  function read(message: unknown, depth: number, isQuoted = false): EngineReading {
    if (!isObject(message) || depth > maxWrappers) {
      return nothing;
    }
    const albumId = readAlbumId(message);
    for (const name of Object.keys(message)) {
      const part = own(message, name);
      if (part === null || part === undefined || part === '' || besides.has(name)) {
        continue;
      }
      const inner = wrappers.has(name) ? own(part, 'message') : undefined;
      const rule =
        inner === undefined && Object.hasOwn(contents, name) ? contents[name] : undefined;
      const reading =
        inner !== undefined
          ? read(inner, depth + 1, isQuoted)
          : (rule?.(part, depth) ?? (known.has(name) ? { content: 'other' as const } : undefined));
      if (reading === undefined) {
        return { content: 'other', unknown: `${messageName}.${safeName(name)}` };
      }
      return present({
        ...reading,
        ...(rule && !isQuoted ? readContext(own(part, 'contextInfo')) : undefined),
        albumId: albumId ?? reading.albumId,
        viewOnce: name.startsWith('viewOnceMessage') ? (true as const) : reading.viewOnce,
      });
    }
    return nothing;
  }

  /** `MessageAssociation.AssociationType` has other associations, such as the same picture in HD. */
  function readAlbumId(message: object): string | undefined {
    const association = own(message, 'messageContextInfo', 'messageAssociation');
    return isEnum(own(association, 'associationType'), 'MEDIA_ALBUM', 1)
      ? text(own(association, 'parentMessageKey'), 'keyId')
      : undefined;
  }

  function readContext(info: unknown): EngineReading | undefined {
    if (!isObject(info)) {
      return undefined;
    }
    const mentions = [
      ...listOf(get(info, 'mentionedJid')),
      ...listOf(own(info, 'groupMentions')).map((mention) => get(mention, 'groupJid')),
    ];
    return present({
      mentions: mentions.length > 0 ? mentions : undefined,
      forwarded:
        own(info, 'isForwarded') === true || readPositive(own(info, 'forwardingScore'))
          ? (readCount(own(info, 'forwardingScore')) ?? 0)
          : undefined,
      expiresAfterSeconds: readPositive(own(info, 'expiration')),
      referral: readReferral(info),
      quoted: readQuote(info),
    });
  }

  function readReferral(info: object): EngineReading['referral'] {
    const ad = own(info, 'externalAdReply');
    const entryPoint = ownText(info, 'entryPointConversionSource');
    const clickId = ownText(ad, 'ctwaClid');
    const isAd = clickId !== undefined || entryPoint === 'ctwa_ad';
    const source = ownText(ad, 'sourceType') ?? (isAd ? 'ad' : undefined);
    // Without a source it is an ordinary link preview.
    if (source === undefined) {
      return undefined;
    }
    return present({
      source,
      sourceId: text(ad, 'sourceId'),
      url: text(ad, 'sourceUrl'),
      headline: ownText(ad, 'title'),
      text: ownText(ad, 'body'),
      clickId,
      app: ownText(ad, 'sourceApp') ?? ownText(info, 'entryPointConversionApp'),
      entryPoint,
    });
  }

  function readQuote(info: object): EngineQuote | undefined {
    const id = text(info, 'stanzaId');
    if (id === undefined) {
      return undefined;
    }
    const quoted = own(info, 'quotedMessage');
    return presentOrNone({
      id,
      author: own(info, 'participant'),
      chat: get(info, 'remoteJid'),
      // The context of the quoted message is not read.
      message: isObject(quoted) ? onlyContent(read(quoted, 1, true)) : undefined,
    });
  }

  function readTargetId(message: unknown, depth = 0): string | undefined {
    if (!isObject(message) || depth > maxWrappers) {
      return undefined;
    }
    const key =
      own(message, 'protocolMessage', 'key') ??
      own(message, 'secretEncryptedMessage', 'targetMessageKey');
    const id = text(key, 'keyId');
    if (id !== undefined) {
      return id;
    }
    for (const name of Object.keys(message)) {
      const inner = wrappers.has(name) ? own(message, name, 'message') : undefined;
      const found = inner === undefined ? undefined : readTargetId(inner, depth + 1);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  return { readMessage: (message) => read(message, 0), readTargetId };
}

function onlyContent({ content, body, media }: EngineReading): EngineReading {
  return present({ content, body, media });
}
