import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { republishMetrics } from '../../events/names.ts';
import { parse } from '../../events/parse.ts';
import { count } from '../runtime/count.ts';
import { errorName, log } from '../runtime/log.ts';
import { fromSpilled, type PutEvents, publish } from '../runtime/publish.ts';

/** The dependencies of the function. Tests replace them. */
export interface RepublishDependencies {
  readonly busName: string;
  readonly putEvents: PutEvents;
}

/**
 * Milliseconds for one message. Messages are published one by one, because a spilled event may be nearly as
 * large as PutEvents allows for one call.
 */
const publishBudgetMs = 1_000;

/**
 * Creates the function that empties the spill queue. An event that the bus still refuses stays in the queue.
 */
export function republish({ busName, putEvents }: RepublishDependencies) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const results = await Promise.all(
      Records.map(async (record) => ((await attempt(record)) ? undefined : record.messageId)),
    );
    const failed = results.filter((messageId) => messageId !== undefined);
    count(republishMetrics.republished, Records.length - failed.length);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

  async function attempt({ body, messageId, attributes }: SQSRecord): Promise<boolean> {
    try {
      const { AWSTraceHeader: TraceHeader } = attributes;
      const entry = { ...fromSpilled(body, busName), ...(TraceHeader && { TraceHeader }) };
      const refused = await publish([entry], putEvents, { budgetMs: publishBudgetMs });
      if (refused.length === 0) {
        return true;
      }
      const { requestId } = parse(JSON.parse(entry.Detail ?? '')).meta;
      log.warn('the bus still refuses', { requestId, messageId, code: refused[0]?.code });
    } catch (error) {
      log.error('cannot be republished', { messageId, error: errorName(error) });
    }
    return false;
  }
}
