/** What waits when a run stops. */
export interface Left {
  /** Messages by name of the queue, those in flight included. */
  readonly queues: Readonly<Record<string, number>>;
  /** Deliveries that EventBridge tries again, and asynchronous invocations. */
  readonly pending: number;
  /** All of it in words. */
  readonly text: string;
}
