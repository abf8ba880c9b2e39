/**
 * The part of Lambda's SQS event that is used (Lambda Developer Guide, "Using Lambda with Amazon SQS"). Users
 * of the published consumer runtime then need no other package for types.
 */

/** A message as Lambda passes it to a function. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    /** X-Ray's tracing header of what sent the message. */
    readonly AWSTraceHeader?: string | undefined;
  };
  readonly messageAttributes?: Readonly<Record<string, unknown>>;
}

/** A batch of messages. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** The response of a function that reports batch item failures. */
export interface SqsBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}
