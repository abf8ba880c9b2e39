/** Where event source mappings take messages from: an SQS queue, by its ARN. */
export interface QueueSource {
  /** Waits up to `waitSeconds` for the first message. Gives none when `signal` aborts. */
  receive(queueArn: string, options: ReceiveOptions): Promise<readonly QueueMessage[]>;
  deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** With 0 seconds the message can be received again at once. */
  changeVisibility(queueArn: string, receiptHandle: string, seconds: number): Promise<void>;
}

export interface ReceiveOptions {
  /** 1 to 10. */
  readonly maxMessages: number;
  /** 0 to 20. */
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** A message in the shape of SQS's `ReceiveMessage`, JSON protocol. */
export interface QueueMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, QueueMessageAttribute>>;
}

export interface QueueMessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}
