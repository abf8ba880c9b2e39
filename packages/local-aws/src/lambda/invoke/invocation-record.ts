import type { QueuedEvent } from './async-invocations.ts';
import type { Outcome } from './invocation.ts';

/**
 * The invocation record that a destination gets
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
export function invocationRecord(
  event: QueuedEvent,
  condition: 'EventAgeExceeded' | 'RetriesExhausted' | 'Success',
  now: number,
  outcome?: Outcome,
): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts + (outcome ? 1 : 0),
    },
    requestPayload: parse(event.payload),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: outcome.functionError,
      },
      responsePayload: parse(outcome.payload),
    }),
  });
}

/** What a custom runtime sends need not be JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
