import { own } from '../../../events/own.ts';
import { type AuditedAction, beginAudit, defaultAuditFile } from '../../../ops/audit.ts';
import { explainError } from '../../../ops/aws/explain-error.ts';
import type { DeadLetterMessage } from '../../../ops/dead-letters/dead-letter-message.ts';
import { readExported, writeExported } from '../../../ops/dead-letters/export-and-import.ts';
import { depthOf, type FailureQueue } from '../../../ops/dead-letters/failure-queue.ts';
import { chunk } from '../../../ops/dead-letters/message-receiver.ts';
import { redrive } from '../../../ops/dead-letters/redrive.ts';
import { purge } from '../../../ops/dead-letters/scan-queue.ts';
import { sendToQueue } from '../../../ops/dead-letters/send-messages.ts';
import { createFilter } from '../../../ops/event-filter.ts';
import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest, readOptionalText, readText } from '../http/read-request.ts';
import type { JobStatus } from '../jobs.ts';
import { findFailureQueue, scanInTurn } from './dead-letters.ts';

/** The maximum rate, in messages per second. */
const fastest = 1_000;

/** `POST redrive`: sends messages back to the queue or bus that they came from. The same code as `fanout dlq redrive`. */
export const startRedrive: Route = async (context, { body }): Promise<JobStatus> => {
  const queue = await findFailureQueue(context, readText(body, 'queue'));
  const { matches, described } = readSelection(body);
  const dryRun = own(body, 'dryRun') === true;
  const rate = readRate(body);
  const access = await context.view.access();
  const pipeline = await context.view.pipeline();
  const job = { ...jobOf(queue, 'Redrive'), total: depthOf(queue).visible };
  return context.jobs.start(job, async ({ signal, onProgress }) => {
    const action = { action: 'redrive', queue: queue.name, filter: described } as const;
    const record = dryRun ? undefined : await beginRecord(context, action, body);
    const options = { matches, rate, dryRun, signal, onProgress };
    const { error, ...outcome } = await scanInTurn(queue, () =>
      redrive(access, queue, pipeline, options),
    );
    record?.finish({ ...outcome, ...(error !== undefined && { error: textOf(error) }) });
    if (error !== undefined) {
      throw explainError(error);
    }
    return { dryRun, ...outcome };
  });
};

/** `POST purge`: deletes messages, and keeps copies of them in memory: see {@link undoPurge}. */
export const startPurge: Route = async (context, { body }): Promise<JobStatus> => {
  const queue = await findFailureQueue(context, readText(body, 'queue'));
  const { matches, described } = readSelection(body);
  if (readText(body, 'confirm') !== queue.name) {
    throw new BadRequest(`To delete messages, type the queue's name: ${queue.name}.`);
  }
  const { purges } = context;
  const access = await context.view.access();
  const job = { ...jobOf(queue, 'Purge'), total: depthOf(queue).visible };
  return context.jobs.start(job, async ({ signal, onProgress }) => {
    const action = { action: 'purge', queue: queue.name, filter: described } as const;
    const record = await beginRecord(context, action, body);
    const keep = purges.begin(queue.name);
    const beforeDelete = (messages: readonly DeadLetterMessage[]) => {
      if (!keep(messages.map(writeExported))) {
        throw new BadRequest(
          'The rest stays: copies of more messages, which an undo needs, do not fit into memory. ' +
            'Purge again for the next ones; or use "fanout dlq purge", which cannot be undone.',
        );
      }
    };
    const { error, ...outcome } = await scanInTurn(queue, () =>
      purge(access, queue, { matches, signal, onProgress, beforeDelete }),
    );
    record.finish({ ...outcome, ...(error !== undefined && { error: textOf(error) }) });
    if (error !== undefined) {
      throw explainError(error);
    }
    return outcome;
  });
};

/**
 * `POST undo-purge`: sends purged messages to their failure queue again, as `fanout dlq import` would. SQS assigns
 * new ids and times.
 */
export const undoPurge: Route = async (context, { body }): Promise<JobStatus> => {
  const { purges, jobs } = context;
  const queue = await findFailureQueue(context, readText(body, 'queue'));
  const id = readText(body, 'id');
  const access = await context.view.access();
  jobs.requireIdle(queue.name);
  const lines = purges.take(id);
  if (!lines) {
    throw new BadRequest('This purge was undone already, or is too long ago.', 404);
  }
  const isFifo = queue.name.endsWith('.fifo');
  const job = { ...jobOf(queue, 'Undo the purge of'), total: lines.length };
  return jobs.start(job, async (options) => {
    const remaining = new Set(lines);
    try {
      const record = await beginRecord(context, { action: 'import', queue: queue.name }, body);
      for (const round of chunk(lines, messagesPerRound)) {
        if (options.signal.aborted) {
          break;
        }
        const entries = round.map((line) => readExported(line, isFifo));
        const results = await sendToQueue(access.sqs, queue.url, entries);
        for (const [index, line] of round.entries()) {
          if ('id' in (results[index] ?? {})) {
            remaining.delete(line);
          }
        }
        options.onProgress(lines.length - remaining.size);
      }
      const restored = lines.length - remaining.size;
      record.finish({ sent: restored, interrupted: options.signal.aborted });
      return { restored, unrestored: remaining.size };
    } finally {
      if (remaining.size > 0) {
        purges.begin(queue.name)([...remaining]);
      }
    }
  });
};

/** Messages that are sent between two looks at the stop signal. */
const messagesPerRound = 80;

const jobOf = ({ name }: FailureQueue, action: string) => ({
  queue: name,
  title: `${action} ${name}`,
});

/** `GET job?id=`: the progress of a redrive or purge. */
export const showJob: Route = async ({ jobs }, { query }): Promise<JobStatus> => {
  const status = jobs.status(query.get('id') ?? '');
  if (status) {
    return status;
  }
  throw new BadRequest('This job is not known any more.', 404);
};

/** `POST stop-job`: stops it after its current operation. */
export const stopJob: Route = async ({ jobs }, { body }) => {
  jobs.stop(readText(body, 'id'));
  return {};
};

/** Begins the record of an action in the audit log. */
export async function beginRecord(
  { view }: ConsoleContext,
  action: Omit<AuditedAction, 'stack'>,
  body: unknown,
) {
  const { stackName } = await view.pipeline();
  const reason = readOptionalText(body, 'reason');
  return beginAudit(defaultAuditFile, await view.access(), { stack: stackName, ...action, reason });
}

function readRate(body: unknown): number | undefined {
  const rate = own(body, 'rate');
  if (rate === undefined || rate === null) {
    return undefined;
  }
  if (typeof rate === 'number' && rate >= 1 && rate <= fastest) {
    return rate;
  }
  throw new BadRequest(`A rate is from 1 to ${fastest} messages per second.`);
}

const textOf = (error: unknown) => explainError(error).message;

/** The messages of a job. */
interface Selection {
  /** Undefined: all of them. */
  readonly matches: ((message: DeadLetterMessage) => boolean) | undefined;
  /** The selection without personal content, for the record that is kept. */
  readonly described: Readonly<Record<string, unknown>> | undefined;
}

const maxChosen = 1_000;

/**
 * Reads which messages are selected: those with these ids, those of one cause, or with `all` every one. A
 * request without any of these is refused.
 *
 * @throws BadRequest
 */
function readSelection(body: unknown): Selection {
  const ids = own(body, 'ids');
  const error = own(body, 'error');
  if (Array.isArray(ids) && ids.length > 0 && ids.length <= maxChosen) {
    const chosen = new Set(ids.map(String));
    const matches = ({ messageId }: DeadLetterMessage) => chosen.has(messageId);
    return { matches, described: { messageIds: ids.length } };
  }
  if (typeof error === 'string' && error !== '') {
    // The group's own name: another cause that has it in it is not meant.
    const hasIt = createFilter({ error });
    const matches = (message: DeadLetterMessage) =>
      hasIt(message) && message.failure.error === error;
    return { matches, described: { error } };
  }
  if (own(body, 'all') === true) {
    return { matches: undefined, described: undefined };
  }
  throw new BadRequest(`Say which messages: up to ${maxChosen} "ids", an "error", or "all".`);
}
