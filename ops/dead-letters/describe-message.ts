import { own, ownText } from '../../events/own.ts';
import { readArn } from '../aws/arn.ts';
import { hideChat, redactEnvelope } from '../redact-envelope.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';

/** Which parts of a message are shown. */
export interface ShownParts {
  /** The full envelope. */
  readonly full?: boolean;
  /** Includes personal data. */
  readonly reveal?: boolean;
}

/** The description of a message. Field names are part of the output of `--json`. */
export interface MessageDescription {
  readonly messageId: string;
  readonly type?: string;
  readonly session?: string;
  readonly chat?: string;
  readonly occurredAt?: string;
  readonly sentAt: string;
  readonly attempts?: number;
  readonly error: string;
  /** Present only with `reveal`: it may contain what the handler was working on. */
  readonly errorMessage?: string;
  /** File, line and column of a consumer's code. */
  readonly errorAt?: string;
  readonly rule?: string;
  readonly target?: string;
  readonly envelope?: unknown;
}

/** Describes a message; personal data only with `reveal`. */
export function describeMessage(
  message: DeadLetterMessage,
  { full, reveal }: ShownParts,
): MessageDescription {
  const { chat, failure } = message;
  return {
    messageId: message.messageId,
    type: message.type,
    session: message.session,
    chat: chat === undefined || reveal ? chat : hideChat(chat),
    occurredAt: message.occurredAt,
    sentAt: new Date(message.sentAt).toISOString(),
    attempts: failure.attempts,
    error: failure.error,
    ...(reveal && { errorMessage: failure.message }),
    errorAt: failure.at,
    rule: failure.ruleArn && readArn(failure.ruleArn)?.resource,
    target: failure.targetArn && readArn(failure.targetArn)?.resource,
    ...(full && { envelope: reveal ? revealed(message) : redacted(message) }),
  };
}

function revealed({ event, envelope, body }: DeadLetterMessage): unknown {
  return isOurs(envelope) ? envelope : (event ?? body);
}

/** Only the header fields of another source's event are known to contain no personal data. */
function redacted({ event, envelope }: DeadLetterMessage): unknown {
  if (isOurs(envelope)) {
    return redactEnvelope(envelope);
  }
  const head = ['id', 'source', 'detail-type', 'time'].flatMap((name) => {
    const value = ownText(event, name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(head), ...redactEnvelope(envelope) };
}

const isOurs = (envelope: unknown) =>
  ownText(envelope, 'meta', 'id') !== undefined && own(envelope, 'data') !== undefined;

/** What messages can be grouped by. */
export const groupings = ['error', 'type', 'session'] as const;

/** See {@link groupings}. */
export type Grouping = (typeof groupings)[number];

/** Messages that have something in common. */
export interface MessageGroup {
  readonly name: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly oldest: number;
  readonly newest: number;
}

/** Groups messages, the largest group first. */
export function groupMessages(
  messages: readonly Pick<DeadLetterMessage, 'type' | 'session' | 'failure' | 'sentAt'>[],
  by: Grouping,
): readonly MessageGroup[] {
  const groups = Map.groupBy(messages, (message) =>
    by === 'error' ? message.failure.error : (message[by] ?? '-'),
  );
  return [...groups]
    .map(([name, members]) => {
      const times = members.map(({ sentAt }) => sentAt);
      // Not Math.min(...times): it fails for a hundred thousand arguments.
      const oldest = times.reduce((a, b) => Math.min(a, b));
      const newest = times.reduce((a, b) => Math.max(a, b));
      return { name, count: members.length, oldest, newest };
    })
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
