import { hash } from 'node:crypto';
import { messageAttributes } from '../../events/names.ts';
import { ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { type Pause, pause as pauseInRealTime } from '../duration.ts';
import { attributeText, type DeadLetterMessage } from './dead-letter-message.ts';
import type { FailureQueue } from './failure-queue.ts';
import type { MessageReceiver } from './message-receiver.ts';
import { planRedrive } from './plan-redrive.ts';
import { deleteMessages, scanQueue } from './scan-queue.ts';
import { pretendToSend, sendPlans, Tally } from './send-messages.ts';

/** Which messages are redriven, and how fast. */
export interface RedriveOptions {
  /** @default - every message */
  readonly matches?: (message: DeadLetterMessage) => boolean;
  /** Maximum number of messages. @default - all */
  readonly limit?: number;
  /** Maximum number of messages per second. @default - no limit */
  readonly rate?: number;
  /** Sends and deletes nothing; returns what would be done. @default false */
  readonly dryRun?: boolean;
  /** Ends after the current round: sent messages are deleted, the others become visible again. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (looked: number) => void;
  /** Waits between rounds, to keep to the rate. @default - in real time */
  readonly pause?: Pause;
}

/** Result of a redrive. */
export interface RedriveSummary {
  /** Messages that were sent; in a dry run, those that would be. */
  readonly moved: number;
  /** Number of sent messages by destination queue or bus. */
  readonly destinations: Readonly<Record<string, number>>;
  /** Number of messages that match but stay, by reason. */
  readonly stayed: Readonly<Record<string, number>>;
  /** Messages that the filter does not match. */
  readonly unmatched: number;
  /** Messages that failed again during the redrive; they stay in the queue. */
  readonly returned: number;
  /** Messages that were sent, but whose deletion was not confirmed: they may be sent once more. */
  readonly undeleted: number;
  readonly interrupted: boolean;
  /** The error that ended it early; undefined if there was none. */
  readonly error: unknown;
}

/** Maximum number of messages in one round; with a rate, those of one second. */
const maxPerRound = 80;

/**
 * Redrives the messages of a failure queue. A message is deleted only after its destination has
 * confirmed it, so that none is lost; after a crash in between, one round of messages may be sent
 * twice. To continue after an interruption, run it again.
 */
export async function redrive(
  access: AwsAccess,
  queue: FailureQueue,
  pipeline: Pipeline,
  options: RedriveOptions = {},
): Promise<RedriveSummary> {
  const { rate, signal, dryRun = false, pause = pauseInRealTime, ...rest } = options;
  const roundSize = rate === undefined ? maxPerRound : clamp(rate, 1, maxPerRound);
  const destinations = new Tally();
  const stayed = new Tally();
  const returns = new Returns();
  let returned = 0;
  let undeleted = 0;

  const handle = async (messages: readonly DeadLetterMessage[], receiver: MessageReceiver) => {
    const news = messages.filter((message) => !returns.has(message));
    returned += messages.length - news.length;
    const plans = news.map((message) => ({ message, to: planRedrive(message, queue, pipeline) }));
    const results = dryRun ? pretendToSend(plans) : await sendPlans(access, plans);
    const moved: DeadLetterMessage[] = [];
    for (const { message, to } of plans) {
      const result = results.get(message);
      if (to.kind === 'nowhere') {
        stayed.add(to.reason);
      } else if (!result || 'error' in result) {
        stayed.add(`${to.name}: ${result?.error}`);
      } else {
        moved.push(message);
        destinations.add(to.name);
        if (!dryRun) {
          returns.expect(message, result.id);
        }
      }
    }
    if (dryRun) {
      return;
    }
    undeleted += await deleteMessages(access, queue, moved, receiver);
    if (rate !== undefined) {
      await pause((news.length / rate) * 1000, signal);
    }
  };

  const through = await scanQueue(access, queue, { ...rest, roundSize, signal }, handle);
  return {
    moved: destinations.total,
    destinations: destinations.toJSON(),
    stayed: stayed.toJSON(),
    unmatched: through.looked - through.matched,
    returned,
    undeleted,
    interrupted: through.interrupted,
    error: through.error,
  };
}

const clamp = (value: number, least: number, max: number) =>
  Math.min(max, Math.max(least, Math.floor(value)));

/**
 * Detects redriven messages that have returned, because their consumer failed again or still no rule matches
 * them. Sending them again would never end.
 */
class Returns {
  readonly #known = new Set<string>();
  readonly #since = Date.now();

  /** @param newId the message or event id that the destination assigned */
  expect(message: DeadLetterMessage, newId: string): void {
    this.#known.add(newId);
    const digest = digestOf(message);
    if (digest !== undefined) {
      this.#known.add(digest);
    }
  }

  /**
   * SQS keeps the message id when it moves a message to a dead-letter queue; on a bus the event keeps its id.
   * A function of this project writes a new message with the same body; an equal one that was there before is
   * another message.
   */
  has(message: DeadLetterMessage): boolean {
    const digest = message.sentAt >= this.#since ? digestOf(message) : undefined;
    const ids = [message.messageId, ownText(message.event, 'id'), digest];
    return ids.some((id) => id !== undefined && this.#known.has(id));
  }
}

function digestOf({ attributes, body }: DeadLetterMessage): string | undefined {
  return attributeText(attributes, messageAttributes.consumer) === undefined
    ? undefined
    : hash('sha256', body);
}
