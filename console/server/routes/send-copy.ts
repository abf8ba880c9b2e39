import { own } from '../../../events/own.ts';
import {
  type DeadLetterMessage,
  readMessage,
} from '../../../ops/dead-letters/dead-letter-message.ts';
import type { FailureQueue } from '../../../ops/dead-letters/failure-queue.ts';
import { planRedrive } from '../../../ops/dead-letters/plan-redrive.ts';
import { deleteMessages, scanQueue } from '../../../ops/dead-letters/scan-queue.ts';
import { sendPlans } from '../../../ops/dead-letters/send-messages.ts';
import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest, readText } from '../http/read-request.ts';
import { findFailureQueue, messageIsGone, scanInTurn } from './dead-letters.ts';
import { beginRecord } from './redrive.ts';

/** Where a copy was sent to. */
export interface SentCopyAnswer {
  readonly to: string;
  /** Whether the message was deleted. */
  readonly removed: boolean;
}

/**
 * `POST send-copy`: sends an edited copy of a message to where it came from; `remove` then deletes the message. The
 * message is held from the first look until then, so that a second request for it finds it deleted and sends nothing.
 */
export const sendCopy: Route = async (context, { body, signal }): Promise<SentCopyAnswer> => {
  const queue = await findFailureQueue(context, readText(body, 'queue'));
  const id = readText(body, 'id');
  const text = readText(body, 'body');
  const access = await context.view.access();
  context.jobs.requireIdle(queue.name);
  const isIt = {
    matches: ({ messageId }: DeadLetterMessage) => messageId === id,
    ...{ limit: 1, signal },
  };
  const answers: SentCopyAnswer[] = [];
  const { error } = await scanInTurn(queue, () =>
    scanQueue(access, queue, isIt, async (messages, receiver) => {
      for (const message of messages) {
        const plan = await planCopy(context, queue, message, text);
        const action = { queue: queue.name, filter: { messageIds: 1, edited: true } };
        const record = await beginRecord(context, { action: 'redrive', ...action }, body);
        const sent = (await sendPlans(access, [plan])).get(plan.message);
        if (!sent || 'error' in sent) {
          record.finish({ moved: 0, error: sent?.error ?? 'Unconfirmed' });
          const reason = sent?.error ?? 'no answer';
          throw new BadRequest(`${plan.to.name} did not take it: ${reason}.`, 502);
        }
        const removed =
          own(body, 'remove') === true &&
          (await deleteMessages(access, queue, [message], receiver)) === 0;
        record.finish({ moved: 1, deleted: removed ? 1 : 0 });
        answers.push({ to: plan.to.name, removed });
      }
    }),
  );
  const [answer] = answers;
  if (answer) {
    return answer;
  }
  throw error ?? messageIsGone();
};

/** The message with another body, and where it is sent. @throws BadRequest when it cannot be sent */
async function planCopy(
  { view }: ConsoleContext,
  queue: FailureQueue,
  { messageId, receiptHandle, attributes, system }: DeadLetterMessage,
  text: string,
) {
  const message = readMessage({
    ...{ MessageId: messageId, ReceiptHandle: receiptHandle, Body: text },
    ...{ MessageAttributes: { ...attributes }, Attributes: system },
  });
  if (message.event === undefined) {
    throw new BadRequest('The copy is not JSON.');
  }
  const to = planRedrive(message, queue, await view.pipeline());
  if (to.kind === 'nowhere') {
    throw new BadRequest(`It would stay: ${to.reason}.`, 409);
  }
  return { message, to };
}
