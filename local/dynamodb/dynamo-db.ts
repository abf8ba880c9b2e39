import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { AwsError, type JsonObject } from '../aws-service.ts';
import type { Clock } from '../clock.ts';

/** Where the service stands. */
export interface DynamoDbOptions {
  /** Directory of its files. @default - in memory */
  readonly directory?: string;
  /** URL of the AWS endpoint, behind which requests are handed to this service. */
  readonly endpoint: string;
  readonly region: string;
  readonly clock: Clock;
}

/** How often expired items are looked for. DynamoDB itself promises no more than "within a few days". */
const sweepMs = 3_600_000;

/**
 * DynamoDB: dynalite, an implementation on LevelDB. What a write has confirmed survives `kill -9`.
 * Time to live is added here, since dynalite has none.
 */
export class DynamoDb {
  readonly #server: Server;
  readonly #options: DynamoDbOptions;
  readonly #expiring = new Map<string, string>();
  #cancelSweep = () => {};

  constructor(options: DynamoDbOptions) {
    this.#options = options;
    this.#server = dynalite({
      createTableMs: 0,
      deleteTableMs: 0,
      updateTableMs: 0,
      ...(options.directory ? { path: options.directory } : {}),
    });
  }

  /** Answers a request for DynamoDB; false for one that is for another service. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!String(request.headers['x-amz-target']).startsWith('DynamoDB_')) return false;
    this.#server.emit('request', request, response);
    return true;
  }

  /** Runs an action, for example `CreateTable`. Throws what DynamoDB would answer. */
  async call(action: string, input: JsonObject): Promise<JsonObject> {
    const { endpoint, region } = this.#options;
    const credential = `local/20260101/${region}/dynamodb/aws4_request`;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${action}`,
        'x-amz-date': '20260101T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as JsonObject;
    if (response.ok) return body;
    const code = String(body.__type).split('#').at(-1) ?? 'InternalFailure';
    throw new AwsError(code, String(body.message ?? body.Message), response.status);
  }

  /** Removes the items of a table once the epoch seconds in this attribute have passed. */
  expire(table: string, attribute: string): void {
    this.#expiring.set(table, attribute);
    this.#cancelSweep();
    this.#scheduleSweep();
  }

  /** Lets the items of a table stay. */
  keep(table: string): void {
    this.#expiring.delete(table);
  }

  /** Stops sweeping and closes the files. */
  async close(): Promise<void> {
    this.#cancelSweep();
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => this.#server.close(() => resolve()));
    });
  }

  #scheduleSweep(): void {
    this.#cancelSweep = this.#options.clock.after(sweepMs, () => {
      void Promise.allSettled([...this.#expiring].map((each) => this.#sweep(...each))).then(() =>
        this.#scheduleSweep(),
      );
    });
  }

  async #sweep(TableName: string, attribute: string): Promise<void> {
    const { Table } = await this.call('DescribeTable', { TableName });
    const keys = (Table as { KeySchema: { AttributeName: string }[] }).KeySchema;
    let ExclusiveStartKey: unknown;
    do {
      const page: JsonObject = await this.call('Scan', {
        TableName,
        ExclusiveStartKey,
        FilterExpression: '#ttl <= :now',
        ExpressionAttributeNames: { '#ttl': attribute },
        ExpressionAttributeValues: {
          ':now': { N: String(Math.floor(this.#options.clock.now() / 1000)) },
        },
      });
      for (const item of page.Items as JsonObject[]) {
        const Key = Object.fromEntries(
          keys.map(({ AttributeName }) => [AttributeName, item[AttributeName]]),
        );
        await this.call('DeleteItem', { TableName, Key });
      }
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
}
