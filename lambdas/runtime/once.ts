import { randomUUID } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { consumerMetrics } from '../../events/names.ts';
import { tableClient } from './aws-clients.ts';
import { isConditionFailed } from './classify-error.ts';
import { count } from './count.ts';
import { requiredEnvironment } from './environment.ts';

/** The event was begun by a function that never finished, and nobody can say whether it was done. */
export class InDoubtError extends Error {
  constructor() {
    super('The event was begun before, and may have been done.');
    this.name = 'InDoubtError';
  }
}

/** Another function is at this event right now. */
export class InProgressError extends Error {
  constructor() {
    super('The event is being handled.');
    this.name = 'InProgressError';
  }
}

/** One event to be done at most once. */
export interface OnceKey {
  readonly id: string;
  /** Whether a person has sent it again on purpose. */
  readonly isRedriven: boolean;
}

/**
 * At most one effect for each event id. The claim is written before the work begins: a function that
 * is killed in the middle leaves it behind, and the event is not simply done again.
 */
export class Once {
  readonly #claims: Claims;
  readonly #timeoutMs: number;
  readonly #now: () => number;

  /** @param timeoutMs how long a function can be at an event: its timeout */
  constructor(claims: Claims, timeoutMs: number, now: () => number = Date.now) {
    this.#claims = claims;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /**
   * Does the work unless it was done.
   *
   * @param wasDone finds out whether an event that was begun and never finished was done
   * @throws InProgressError, InDoubtError, and what the work throws
   */
  async run(
    key: OnceKey,
    work: () => Promise<void>,
    wasDone?: () => Promise<boolean>,
  ): Promise<void> {
    if (!(await this.#mayBegin(key, wasDone))) {
      count(consumerMetrics.alreadyDone, 1, { Consumer: process.env.CONSUMER ?? '' });
      return;
    }
    try {
      await work();
    } catch (error) {
      await this.#claims.release(key.id);
      throw error;
    }
    await this.#claims.finish(key.id);
  }

  async #mayBegin({ id, isRedriven }: OnceKey, wasDone?: () => Promise<boolean>): Promise<boolean> {
    const now = this.#now();
    const claim = await this.#claims.take(id, now);
    if (claim.state === 'taken') return true;
    if (claim.state === 'done') return false;
    if (now - claim.at < this.#timeoutMs) throw new InProgressError();
    if (!wasDone && !isRedriven) throw new InDoubtError();
    if (wasDone && (await wasDone())) {
      await this.#claims.finish(id);
      return false;
    }
    if (!(await this.#claims.takeOver(id, claim.at, now))) throw new InProgressError();
    return true;
  }
}

/** What is known of one event's effect in one consumer. */
export type Claim =
  | { readonly state: 'taken' }
  | { readonly state: 'done' }
  /** `at`: milliseconds since 1970. */
  | { readonly state: 'begun'; readonly at: number };

/** Remembers which events a consumer has begun and done. Times are milliseconds since 1970. */
export interface Claims {
  /** Takes the event if nobody has it (`taken`), else says what is known of it. */
  take(id: string, now: number): Promise<Claim>;
  /** Takes over what was begun at `since` and never finished. False when somebody else was faster. */
  takeOver(id: string, since: number, now: number): Promise<boolean>;
  /** The event is done. */
  finish(id: string): Promise<void>;
  /** Forgets the event: its work threw, so it was not done. */
  release(id: string): Promise<void>;
}

/**
 * Days that a claim is kept: longer than an event can wait in a consumer's queue (at most 13) and
 * then in its dead-letter queue (14).
 */
const claimDays = 28;

/**
 * One consumer's claims in a DynamoDB table.
 *
 * Each claim carries a token that is new for each attempt to take it. The SDK sends a write again when
 * its response was lost; the condition of the second one then fails because of the first, and only the
 * token says that the claim is one's own.
 */
export function claimsIn(
  TableName: string,
  consumer: string,
  client: () => DynamoDBClient = () => tableClient('idempotency'),
): Claims {
  const keyOf = (id: string) => marshall({ id: `${consumer}#${id}` });
  /** Tokens of what this function holds, by event id. */
  const held = new Map<string, string>();

  async function read(id: string) {
    const { Item } = await client().send(
      new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  }

  return {
    async take(id, now) {
      const token = randomUUID();
      const item = {
        ...{ id: `${consumer}#${id}`, state: 'begun', at: now, token },
        expiresAt: Math.floor(now / 1000) + claimDays * 86_400,
      };
      try {
        await client().send(
          new PutItemCommand({
            TableName,
            Item: marshall(item),
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        );
        held.set(id, token);
        return { state: 'taken' };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
      const known = await read(id);
      // Released in between: whoever had it has failed, and this is as good as being in progress.
      if (!known) return { state: 'begun', at: now };
      if (known.token === token) {
        held.set(id, token);
        return { state: 'taken' };
      }
      return known.state === 'done' ? { state: 'done' } : { state: 'begun', at: Number(known.at) };
    },
    async takeOver(id, since, now) {
      const token = randomUUID();
      try {
        await client().send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(id),
            UpdateExpression: 'SET #at = :now, #token = :token',
            ConditionExpression: '#state = :begun AND #at = :since',
            ExpressionAttributeNames: { '#at': 'at', '#state': 'state', '#token': 'token' },
            ExpressionAttributeValues: marshall({
              ...{ ':now': now, ':since': since, ':begun': 'begun', ':token': token },
            }),
          }),
        );
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        if ((await read(id))?.token !== token) return false;
      }
      held.set(id, token);
      return true;
    },
    async finish(id) {
      held.delete(id);
      await client().send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(id),
          UpdateExpression: 'SET #state = :done',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall({ ':done': 'done' }),
        }),
      );
    },
    async release(id) {
      const token = held.get(id);
      if (token === undefined) return;
      held.delete(id);
      try {
        await client().send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(id),
            ConditionExpression: '#token = :token',
            ExpressionAttributeNames: { '#token': 'token' },
            ExpressionAttributeValues: marshall({ ':token': token }),
          }),
        );
      } catch (error) {
        // Released before, by a call whose response was lost; what is there now is somebody else's.
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
}

/** Once as the stack has set it up: for a consumer whose row says `idempotent`, else undefined. */
export function onceFromEnvironment(): Once | undefined {
  const table = process.env.CLAIMS_TABLE;
  if (!table) return undefined;
  const timeoutMs = Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000;
  return new Once(claimsIn(table, requiredEnvironment('CONSUMER')), timeoutMs);
}
