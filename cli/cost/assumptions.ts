/** One number that the template does not tell, and where it comes from. */
export interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

/**
 * What the cost model assumes. None of it was measured in an AWS account; each can be replaced by what
 * one's own account says (`fanout cost --set name=value`).
 */
export const assumptions = {
  ingestMs: {
    value: 22,
    unit: 'billed ms for each request',
    source:
      'estimate: some 20 ms of waiting for the ledger’s read and write and PutEvents; own CPU time measured, and divided as 512 MB divide it ([benchmarks](benchmarks.md#warm-ingest)). Yours: the metric Duration',
  },
  leftOutMs: {
    value: 3,
    unit: 'billed ms for a request that is left out as noise',
    source: 'estimate: no call to another service, own CPU time only',
  },
  consumerMs: {
    value: 30,
    unit: 'billed ms for each batch',
    source: 'estimate: writes of a batch go to DynamoDB side by side. Yours: the metric Duration',
  },
  coldShare: {
    value: 0.01,
    unit: 'of ingest’s requests that start a function instance',
    source: 'AWS Lambda Developer Guide: “typically under 1 %” of invocations',
  },
  coldMs: {
    value: 260,
    unit: 'billed ms of a cold start',
    source:
      'CPU time measured, and divided as 512 MB divide it ([benchmarks](benchmarks.md#cold-ingest))',
  },
  peakFactor: {
    value: 2,
    unit: 'times the mean rate at which the mean event comes',
    source: 'estimate: people sleep, and write in bursts',
  },
  idlePollers: {
    value: 2,
    unit: 'pollers of an idle queue without maximum concurrency',
    source: 'observed by others, not documented; each asks three times a minute',
  },
  busyPollers: {
    value: 5,
    unit: 'pollers of a queue that has messages, and of one with maximum concurrency',
    source: 'AWS Lambda Developer Guide, “Scaling and processing”: starts with five',
  },
  ownReaderBatch: {
    value: 10,
    unit: 'messages that a service of your own receives and deletes at once',
    source: 'SQS’s most',
  },
  failedShare: {
    value: 0.001,
    unit: 'of the events that a consumer fails at until they are dead letters',
    source: 'estimate, on the high side',
  },
  acceptedLogBytes: {
    value: 460,
    unit: 'bytes of the one log line of an accepted event, which counts it too',
    source:
      'measured (test/cli/cost/log-lines.test.ts), with 26 bytes that CloudWatch adds to each',
  },
  countLogBytes: {
    value: 250,
    unit: 'bytes of the line that counts an event that is left out',
    source: 'measured, as above',
  },
  handledLogBytes: {
    value: 45,
    unit: 'bytes that a handled event adds to the line of its batch',
    source: 'measured, as above',
  },
  latencyLogBytes: {
    value: 330,
    unit: 'bytes of the line that says what a batch handled, and measures its latency in a metric',
    source: 'measured, as above',
  },
  accessLogBytes: {
    value: 200,
    unit: 'bytes of a request’s line in the access log',
    source: 'measured, as above',
  },
  secretReadsAMonth: {
    value: 17_520,
    unit: 'reads of each secret',
    source: 'two function instances that read it every five minutes',
  },
  metricsOfIngest: {
    value: 2,
    unit: 'custom metrics of ingest in a month',
    source:
      'estimate: Accepted always, some of ToldAgain, LeftOut, Refused and Unrecognized in some of the hours; none has the type of the event as a dimension',
  },
  metricsForConsumer: {
    value: 1,
    unit: 'custom metrics for each consumer with a function that hears something',
    source: 'lambdas/runtime/consume.ts: the metric Latency has the dimension Consumer',
  },
  stateBytes: {
    value: 700,
    unit: 'bytes of an item of the state table, index and overhead included',
    source:
      'measured: items of the examples have 250 to 850 bytes of JSON; DynamoDB adds 100 to each',
  },
} as const satisfies Record<string, Assumption>;

/** Name of an assumption. */
export type AssumptionName = keyof typeof assumptions;

/** What the model is run with. */
export type Assumed = { readonly [Name in AssumptionName]: number };

/** The assumptions, with one's own in place of some. */
export const assumed = (own: Partial<Record<AssumptionName, number>> = {}): Assumed =>
  ({
    ...Object.fromEntries(Object.entries(assumptions).map(([name, { value }]) => [name, value])),
    ...own,
  }) as Assumed;
