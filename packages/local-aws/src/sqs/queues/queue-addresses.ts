import { invalidAddress } from '../sqs-error.ts';

export interface QueuePlace {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The URL of the local endpoint, for example `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/** The names, ARNs and URLs of the queues of one account and region. */
export class QueueAddresses {
  readonly accountId: string;
  readonly #arnPrefix: string;
  readonly #urlPrefix: string;

  constructor({ region, accountId, endpoint }: QueuePlace) {
    this.accountId = accountId;
    this.#arnPrefix = `arn:${partitionOf(region)}:sqs:${region}:${accountId}:`;
    this.#urlPrefix = `${endpoint.replace(/\/$/, '')}/${accountId}/`;
  }

  arnOf(name: string): string {
    return this.#arnPrefix + name;
  }

  urlOf(name: string): string {
    return this.#urlPrefix + name;
  }

  /** The queue's name, or `undefined` when the ARN is not one of this account and region. */
  nameInArn(arn: string): string | undefined {
    return arn.startsWith(this.#arnPrefix) ? arn.slice(this.#arnPrefix.length) : undefined;
  }

  /**
   * The queue's name, or `undefined` when the URL names another account. The host is not compared:
   * one machine has several names. A queue name alone is accepted too, as in AWS.
   */
  nameInUrl(url: string): string | undefined {
    const path = /^(?:https?:\/\/[^/\s]{1,255}\/(\d{12})\/)?([\w-]{1,80}(?:\.fifo)?)$/.exec(url);
    if (!path) {
      throw invalidAddress();
    }
    const [, account, name] = path;
    return account === undefined || account === this.accountId ? name : undefined;
  }
}

/** ARNs of the China and GovCloud regions start differently (IAM user guide, "ARN format"). */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** A queue as stored. */
export interface Queue {
  /** Never reused for another queue, not even for a later one of the same name. */
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  /** First in, first out: its name ends in `.fifo`. */
  readonly fifo: boolean;
  /** The attributes that were set explicitly, by name; for the others see `attributeOf`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When `PurgeQueue` last emptied it. */
  readonly purgedAt: number | undefined;
}

export const isFifoName = (name: string) => name.endsWith('.fifo');
