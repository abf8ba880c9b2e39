/** One message for a queue. */
export interface QueueMessage {
  readonly body: string;
  /** All of them strings. */
  readonly attributes?: { readonly [name: string]: string };
  /** For FIFO and fair queues. */
  readonly groupId?: string;
  /** X-Ray's trace header, which EventBridge passes on as the system attribute AWSTraceHeader. */
  readonly traceHeader?: string;
}

/** Sends events to the other services of this run. */
export interface TargetPort {
  /**
   * Puts a message into a queue. Synchronous and part of the store's open transaction, so that a
   * delivery is done if and only if the message is in the queue. Throws AwsError when the queue
   * refuses it, for example QueueDoesNotExist.
   */
  sendToQueue(arn: string, message: QueueMessage): void;
  /**
   * Sends an event to a function as an asynchronous invocation: resolves when Lambda has accepted
   * it, rejects with AwsError when it refuses, for example ResourceNotFoundException.
   */
  invokeFunction(arn: string, payload: string): Promise<void>;
}
