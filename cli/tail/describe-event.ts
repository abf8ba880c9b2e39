import { own, ownText } from '../../events/own.ts';
import { hideChat } from '../dlq/hide-chat.ts';
import { printable, printableJson } from '../dlq/printable.ts';
import { redactEnvelope } from '../dlq/redact-envelope.ts';

/** How much is shown. */
export interface Showing {
  /** Texts, names and phone numbers too. @default false */
  readonly reveal?: boolean;
}

/** An event as one line of JSON: without what is personal, unless it is asked for. */
export function eventAsJson(event: unknown, { reveal }: Showing): string {
  if (reveal) return printableJson(event);
  return printableJson({
    'detail-type': own(event, 'detail-type'),
    source: own(event, 'source'),
    time: own(event, 'time'),
    ...redactEnvelope(own(event, 'detail')),
  });
}

/** Characters of `data` that a line shows with `reveal`. */
const longestData = 160;

/** An event as one line for people: when, what, which session and chat, who, and what is odd. */
export function eventAsLine(event: unknown, { reveal }: Showing): string {
  const meta = own(event, 'detail', 'meta');
  const chat = ownText(meta, 'chat') ?? '-';
  const time = ownText(meta, 'receivedAt') ?? ownText(event, 'time') ?? '';
  const parts = [
    (/T(\d{2}:\d{2}:\d{2})/.exec(time)?.[1] ?? '').padEnd(8),
    (ownText(event, 'detail-type') ?? '?').padEnd(22),
    (ownText(meta, 'session') ?? '-').padEnd(12),
    (reveal ? chat : hideOrDash(chat)).padEnd(14),
    ...notesOf(meta),
    ...(reveal ? [tellOf(own(event, 'detail', 'data'))] : []),
  ];
  return printable(parts.join('  '), reveal ? 80 + longestData : 160).trimEnd();
}

/** What a message says; of other events, all that is known. */
const tellOf = (data: unknown) => ownText(data, 'body') ?? JSON.stringify(data ?? null);

const hideOrDash = (chat: string) => (chat === '-' ? chat : hideChat(chat));

function notesOf(meta: unknown): readonly string[] {
  const type = ownText(meta, 'duplicateOf');
  const replay = ownText(meta, 'replay');
  return [
    ...(own(meta, 'fromMe') === true ? ['from me'] : []),
    ...(type ? [`published before as ${type}`] : []),
    ...(own(meta, 'conflict') === true ? ['published before with other content'] : []),
    ...(replay ? [`replayed by ${replay}`] : []),
  ];
}
