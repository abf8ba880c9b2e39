import { ingestMetrics } from '../../../events/names.ts';
import { own, ownText } from '../../../events/own.ts';

/** What this project's functions say in their logs that the bus and the queues do not know. */
export type FunctionNote =
  /** A consumer failed on a message. */
  | {
      readonly kind: 'failed';
      readonly messageId: string;
      readonly consumer: string | undefined;
      readonly attempt: number | undefined;
      readonly error: string;
      /** It is a dead letter now. */
      readonly gaveUp: boolean;
    }
  /** The ledger knew the fact, so that it was not published again. */
  | {
      readonly kind: 'told-again';
      readonly key: string;
      readonly verdict: string;
      readonly requestId: string | undefined;
    };

/** Reads a line of a function's log; undefined for those that say nothing of the kind. */
export function readFunctionNote(line: string): FunctionNote | undefined {
  // Most lines are neither, and are not parsed.
  if (!line.includes('"failed"') && !line.includes('"verdict":"duplicate"')) return undefined;
  let whole: unknown;
  try {
    whole = JSON.parse(line);
  } catch {
    return undefined;
  }
  // Ingest says what it has taken in the line that counts it, which has nothing around it.
  const message = own(whole, 'message') ?? whole;
  const text = (name: string) => ownText(message, name);
  const messageId = text('messageId');
  if (text('message') === 'failed' && messageId !== undefined) {
    const attempt = own(message, 'receiveCount');
    const outcome = text('outcome') ?? 'redelivered';
    const gaveUp = outcome !== 'redelivered';
    return {
      kind: 'failed',
      messageId,
      consumer: text('consumer'),
      attempt: typeof attempt === 'number' ? attempt : undefined,
      error: gaveUp ? `${outcome}: ${text('error') ?? ''}` : (text('error') ?? ''),
      gaveUp,
    };
  }
  const key = text('id');
  const verdict = text('verdict');
  if (
    own(message, ingestMetrics.accepted) === undefined ||
    key === undefined ||
    verdict !== 'duplicate'
  )
    return undefined;
  return { kind: 'told-again', key, verdict, requestId: text('requestId') };
}
