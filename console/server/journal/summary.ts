import { own, ownText, present } from '../../../events/own.ts';
import type { Outcome } from './outcome.ts';

/** An event as the list shows it. */
export interface Summary {
  /** Number of the event in this console, from 1. */
  readonly seq: number;
  /** EventBridge's id. */
  readonly eventId: string;
  /** The idempotency key. Absent for events of other applications. */
  readonly key?: string;
  readonly type: string;
  readonly category?: string;
  readonly session?: string;
  readonly sender?: string;
  readonly engine?: string;
  readonly chat?: string;
  readonly fromMe?: boolean;
  /** The word of the catalog that describes it best: `image`, `WORKING`, `missed`. */
  readonly gist?: string;
  /** The author and the beginning of the text. */
  readonly preview?: string;
  /** Bare ids of the messages that it concerns. */
  readonly messageIds: readonly string[];
  /** When the webhook was received, or else when the event was published, in epoch milliseconds. */
  readonly at: number;
  readonly outcome: Outcome;
  /** Names of the queues and other targets. */
  readonly targets: readonly string[];
  /** The reason why it may be another report of a known fact. */
  readonly mark?: 'duplicate' | 'conflict' | 'replay';
  readonly bytes: number;
}

/** The part of a summary that comes from the event itself. */
export type Head = Omit<Summary, 'seq' | 'eventId' | 'outcome' | 'targets'>;

const maxPreviewLength = 160;
const maxNameLength = 300;

/** Reads the head of an event on the bus. Accepts any value and never throws. */
export function readHead(
  event: unknown,
  known: { readonly type: string; readonly at: number; readonly bytes: number },
): Head {
  const text = (...path: string[]) =>
    ownText(event, 'detail', 'meta', ...path)?.slice(0, maxNameLength);
  const received = Date.parse(text('receivedAt') ?? '');
  const fromMe = own(event, 'detail', 'meta', 'fromMe');
  return {
    ...known,
    type: known.type.slice(0, maxNameLength),
    at: Number.isNaN(received) ? known.at : received,
    key: text('id'),
    category: text('category'),
    session: text('session'),
    sender: text('sender'),
    engine: text('engine'),
    chat: text('chat'),
    ...(typeof fromMe === 'boolean' && { fromMe }),
    ...present({
      gist: gistOf(own(event, 'detail', 'data')),
      preview: previewOf(own(event, 'detail', 'data')),
    }),
    messageIds: messageIdsOf(own(event, 'detail', 'data')),
    mark: markOf(event),
  };
}

/** Paths in the data to the word that describes an event best, the best first. */
const gists = [
  ['ack', 'name'],
  ['content'],
  ['status'],
  ['outcome'],
  ['presences', '0', 'state'],
  ['action'],
  ['media'],
  ['reason'],
] as const;

/** A word of the catalog. Any other text may have been written by a person. */
const word = /^[a-z][a-z-]{0,23}$|^[A-Z][A-Z_]{0,23}$/;

function gistOf(data: unknown): string | undefined {
  for (const path of gists) {
    // The `ack` of a message is only the first state of its delivery.
    if (path[0] === 'ack' && ownText(data, 'content') !== undefined) {
      continue;
    }
    const text = ownText(data, ...path);
    if (text !== undefined && word.test(text)) {
      return text;
    }
  }
  return undefined;
}

/** Paths in the data to texts of people, or to the name of the event's subject. */
const texts = [
  ['body'],
  ['emoji'],
  ['poll', 'question'],
  ['choice', 'title'],
  ['order', 'title'],
  ['product', 'title'],
  ['groupInvite', 'name'],
  ['media', 'filename'],
  ['location', 'name'],
  ['label', 'name'],
  ['group', 'subject'],
  ['subject'],
  ['unavailable'],
] as const;

/** Paths in the data to the id of a message that the event concerns. */
const messageIds = [
  ['messageId', 'id'],
  ['messageId'],
  ['target', 'id'],
  ['target'],
  ['poll', 'id'],
  ['revokedMessageId', 'id'],
  ['revokedMessageId'],
  ['editedMessageId', 'id'],
  ['editedMessageId'],
] as const;

const messageIdsOf = (data: unknown): readonly string[] => [
  ...new Set(messageIds.flatMap((path) => ownText(data, ...path)?.slice(0, maxNameLength) ?? [])),
];

const isText = (value: unknown) => typeof value === 'string';

function previewOf(data: unknown): string | undefined {
  const choices = own(data, 'choices');
  const found =
    texts.map((path) => ownText(data, ...path)).find(Boolean) ??
    (Array.isArray(choices) ? choices.filter(isText).slice(0, 12).join(', ') : undefined);
  const name = ownText(data, 'authorName');
  return [name, found].filter(Boolean).join(': ').slice(0, maxPreviewLength) || undefined;
}

function markOf(event: unknown): Summary['mark'] {
  const meta = own(event, 'detail', 'meta');
  if (ownText(meta, 'replay') !== undefined || ownText(event, 'replay-name') !== undefined) {
    return 'replay';
  }
  if (ownText(meta, 'duplicateOf') !== undefined) {
    return 'duplicate';
  }
  return own(meta, 'conflict') === true ? 'conflict' : undefined;
}
