import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject, LocalRun, RequestInterceptor } from '@event-fanout/local-aws';

/** How often AWS fails, as parts of one of all requests of that kind. */
export interface FaultRates {
  /** PutEvents answers 500. */
  readonly busRefuses: number;
  /** PutEvents takes the call and refuses some of its entries. */
  readonly entriesRefused: number;
  /** PutEvents breaks the connection off. */
  readonly busResets: number;
  /** PutEvents takes the events, but answers only after the caller has given up. */
  readonly busIsSlow: number;
  /** SendMessage answers 503: to the spill queue and to dead-letter queues. */
  readonly queueRefuses: number;
  /** Any call of DynamoDB answers 500. */
  readonly tableFails: number;
}

/** Nothing fails. */
export const noFaults: FaultRates = {
  busRefuses: 0,
  entriesRefused: 0,
  busResets: 0,
  busIsSlow: 0,
  queueRefuses: 0,
  tableFails: 0,
};

/** Longer than the functions wait for an answer of the bus. */
const slowMs = 3_300;

/** Makes AWS fail at random, on the way between the functions and the services. */
export class FaultyAws {
  rates = noFaults;
  /** How often it has failed, by kind. */
  readonly counts: Record<string, number> = {};
  readonly #random: () => number;
  readonly #run: () => LocalRun;

  constructor(random: () => number, run: () => LocalRun) {
    this.#random = random;
    this.#run = run;
  }

  readonly intercept: RequestInterceptor = (request, response) => {
    const target = String(request.headers['x-amz-target']);
    if (target === 'AWSEvents.PutEvents') {
      return this.#onPutEvents(request, response);
    }
    if (target === 'AmazonSQS.SendMessage' && this.#hits('queueRefuses')) {
      return fail(request, response, 503);
    }
    if (target.startsWith('DynamoDB_') && this.#hits('tableFails')) {
      return fail(request, response, 500);
    }
    return false;
  };

  #onPutEvents(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#hits('busRefuses')) {
      return fail(request, response, 500);
    }
    if (this.#hits('busResets')) {
      request.socket.destroy();
      return true;
    }
    const isSlow = this.#hits('busIsSlow');
    const isPartial = this.#hits('entriesRefused');
    if (!isSlow && !isPartial) {
      return false;
    }
    void this.#putSome(request, response, isPartial, isSlow ? slowMs : 0);
    return true;
  }

  async #putSome(
    request: IncomingMessage,
    response: ServerResponse,
    isPartial: boolean,
    delayMs: number,
  ): Promise<void> {
    const { Entries } = JSON.parse(await read(request)) as { Entries: JsonObject[] };
    const results = await Promise.all(
      Entries.map(async (entry) => {
        if (isPartial && this.#random() < 0.7) {
          return { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
        }
        const result = await this.#run().services.eventBridge.call('PutEvents', {
          Entries: [entry],
        });
        return (result.Entries as JsonObject[])[0];
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ FailedEntryCount: 0, Entries: results }));
  }

  #hits(kind: keyof FaultRates): boolean {
    if (this.rates[kind] === 0 || this.#random() >= this.rates[kind]) {
      return false;
    }
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return true;
  }
}

function fail(request: IncomingMessage, response: ServerResponse, status: number): true {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: 'InternalFailure', message: 'made to fail' }));
  return true;
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return text;
}
