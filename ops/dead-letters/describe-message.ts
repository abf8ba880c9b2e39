import { own, ownText } from '../../events/own.ts';
import { readArn } from '../aws/arn.ts';
import { hideChat } from '../hide-chat.ts';
import { redactEnvelope } from '../redact-envelope.ts';
import type { Letter } from './dead-letter-message.ts';

/** How much of a letter is told. */
export interface Telling {
  /** The whole envelope. */
  readonly full?: boolean;
  /** With what is personal. */
  readonly reveal?: boolean;
}

/** What is told of a letter. Field names are part of the output of `--json`. */
export interface LetterDescription {
  readonly messageId: string;
  readonly type?: string;
  readonly session?: string;
  readonly chat?: string;
  readonly occurredAt?: string;
  readonly sentAt: string;
  readonly attempts?: number;
  readonly error: string;
  readonly errorMessage?: string;
  readonly rule?: string;
  readonly target?: string;
  readonly envelope?: unknown;
}

/** Describes a letter, without what is personal unless that is asked for. */
export function describeLetter(letter: Letter, { full, reveal }: Telling): LetterDescription {
  const { chat, failure } = letter;
  return {
    messageId: letter.messageId,
    type: letter.type,
    session: letter.session,
    chat: chat === undefined || reveal ? chat : hideChat(chat),
    occurredAt: letter.occurredAt,
    sentAt: new Date(letter.sentAt).toISOString(),
    attempts: failure.attempts,
    error: failure.error,
    errorMessage: failure.message,
    rule: failure.ruleArn && readArn(failure.ruleArn)?.resource,
    target: failure.targetArn && readArn(failure.targetArn)?.resource,
    ...(full && { envelope: reveal ? revealed(letter) : redacted(letter) }),
  };
}

function revealed({ event, envelope, body }: Letter): unknown {
  return isOurs(envelope) ? envelope : (event ?? body);
}

/** Of an event that is not ours only its head is known to be harmless. */
function redacted({ event, envelope }: Letter): unknown {
  if (isOurs(envelope)) return redactEnvelope(envelope);
  const head = ['id', 'source', 'detail-type', 'time'].flatMap((name) => {
    const value = ownText(event, name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(head), ...redactEnvelope(envelope) };
}

const isOurs = (envelope: unknown) =>
  ownText(envelope, 'meta', 'id') !== undefined && own(envelope, 'data') !== undefined;
