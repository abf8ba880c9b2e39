/** A queue as stored. */
export interface Queue {
  /** Never given to another queue, also not to a later one of the same name. */
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  /** First in, first out: its name ends in `.fifo`. */
  readonly fifo: boolean;
  /** What was set explicitly, by attribute name; for the rest see `attributeOf`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When `PurgeQueue` last emptied it. */
  readonly purgedAt: number | undefined;
}

export const isFifoName = (name: string) => name.endsWith('.fifo');
