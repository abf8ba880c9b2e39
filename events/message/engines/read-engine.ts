import { own } from '../../own.ts';
import type { EngineReading } from './engine-reading.ts';
import { gowsProto, readGows } from './gows.ts';
import { nowebProto, readNoweb } from './noweb.ts';
import { isObject } from './raw-value.ts';
import { createWebReader, type WebWords } from './web.ts';
import { readWebjs, webTypes } from './webjs.ts';

/**
 * Reads the engine's own object. Its form shows which engine it is from, since a body may not name the
 * engine, and a sender may pass on the object of another engine.
 */
export function readEngine(
  raw: unknown,
  engine: string | undefined,
  hasMedia: boolean,
): EngineReading {
  if (!isObject(raw)) {
    return {};
  }
  if (isObject(own(raw, 'Info')) || isObject(own(raw, 'Message'))) {
    return readGows(raw);
  }
  if (typeof own(raw, 'type') === 'string') {
    return engine === 'WPP' ? readWpp(raw, hasMedia) : readWebjs(raw, hasMedia);
  }
  return readNoweb(raw);
}

/** Bare id of the message that another one edits or revokes, from the engine's object. */
export function readTargetId(raw: unknown): string | undefined {
  return (
    nowebProto.readTargetId(own(raw, 'message')) ??
    gowsProto.readTargetId(own(raw, 'Message')) ??
    gowsProto.readTargetId(own(raw, 'RawMessage'))
  );
}

/** WPPConnect's names: those of WhatsApp Web, two of its own, and the text of some types in `content`. */
const wpp: WebWords = {
  types: { ...webTypes, text: 'text', voice: 'voice' },
  text: ['caption', 'body', 'content'],
};

/** Reads WPPConnect's message, which WPP puts into `_data`. */
export const readWpp = createWebReader(wpp);
