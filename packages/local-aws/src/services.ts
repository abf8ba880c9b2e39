import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePattern, matches } from '@event-fanout/event-pattern';
import type { Clock } from './clock.ts';
import { DynamoDb } from './dynamodb/dynamo-db.ts';
import type { BrowserRequest } from './endpoint/incoming-request.ts';
import { EventBridge } from './eventbridge/event-bridge.ts';
import type { Observation } from './eventbridge/unit-of-work.ts';
import type { ServedRequest } from './http-api/access-log.ts';
import type { HttpApiPlan } from './http-api/http-api-plan.ts';
import { type SqsBatch, sqsQueueSource } from './lambda/event-source-mapping/mapping-settings.ts';
import { LambdaService } from './lambda/lambda-service.ts';
import type { LogLine } from './lambda/logs/platform-log.ts';
import { ObjectStore } from './s3/s3.ts';
import { SecretsManager } from './secrets/secrets-manager.ts';
import { Sqs } from './sqs/sqs.ts';
import { ParameterStore } from './ssm/parameter-store.ts';
import type { Store } from './store.ts';

/** The AWS services that run on this machine. */
export interface LocalServices {
  readonly sqs: Sqs;
  readonly eventBridge: EventBridge;
  readonly lambda: LambdaService;
  readonly dynamoDb: DynamoDb;
  readonly secretsManager: SecretsManager;
  readonly parameterStore: ParameterStore;
  readonly objects: ObjectStore;
  /** The template's HTTP APIs, by id; each is opened when all resources exist. */
  readonly httpApis: Map<string, HttpApiPlan>;
  /** A directory for inline code of templates; it is deleted when the run is closed. */
  codeDirectory(): string;
  /** Continues the deliveries that an earlier run left; to be called when all resources exist. */
  start(): void;
  /** Accepts no more work, and waits up to `drainMs` for running work. */
  close(options: { readonly drainMs: number }): Promise<void>;
}

/** The account, region, store and clock of the services, and the observers of what they do. */
interface ServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** URL of the AWS endpoint, which functions call. */
  readonly awsEndpoint: string;
  readonly observer: LocalObserver;
}

/** Processes of one function at the same time: enough to keep a small machine busy. */
const maxEnvironments = 4;

/** Creates the services and connects them. Nothing is delivered until `start()` is called. */
export function createServices(options: ServiceOptions): LocalServices {
  const { store, clock, region, accountId, awsEndpoint, observer } = options;
  const place = { store, clock, region, accountId };
  const sqs = new Sqs({
    ...place,
    endpoint: awsEndpoint,
    onDeadLetter: observer.deadLettered && ((queueArn) => observer.deadLettered?.(queueArn)),
  });
  const lambda = new LambdaService({
    store,
    clock,
    extraEnvironment: { AWS_ENDPOINT_URL: awsEndpoint },
    maxEnvironments,
    queues: sqsQueueSource(
      sqs,
      (arn) => sqs.urlOf(arn),
      () => store.committed(),
    ),
    compileFilter: (pattern) => {
      const compiled = compilePattern(pattern);
      return (record) => matches(compiled, record);
    },
    log: (line) => observer.logged?.(line),
    batches: {
      batchStarted: (batch) => observer.batchStarted?.(batch),
      batchFinished: (batch, failed, error) => observer.batchFinished?.(batch, failed, error),
    },
  });
  const eventBridge = new EventBridge({
    ...place,
    observe: (observation) => observer.routed?.(observation),
    targets: {
      sendToQueue(arn, { body, attributes, groupId, traceHeader }) {
        sqs.sendToArn(arn, {
          body,
          groupId,
          messageAttributes: attributes && stringAttributes(attributes),
          systemAttributes: traceHeader
            ? stringAttributes({ AWSTraceHeader: traceHeader })
            : undefined,
        });
        observer.queued?.(arn, body);
      },
      async invokeFunction(arn, payload) {
        await lambda.invoke(arn, payload, { type: 'Event' });
      },
    },
  });
  const dynamoDb = new DynamoDb(place);
  let codeDirectory: string | undefined;
  return {
    sqs,
    lambda,
    eventBridge,
    dynamoDb,
    secretsManager: new SecretsManager(place),
    parameterStore: new ParameterStore(place),
    objects: new ObjectStore(store, clock),
    httpApis: new Map(),
    codeDirectory() {
      codeDirectory ??= mkdtempSync(join(tmpdir(), 'fanout-code-'));
      return codeDirectory;
    },
    start: () => eventBridge.start(),
    async close({ drainMs }) {
      await eventBridge.close();
      sqs.close();
      await lambda.close({ drainMs });
      dynamoDb.close();
      if (codeDirectory) {
        rmSync(codeDirectory, { recursive: true, force: true });
      }
    },
  };
}

const stringAttributes = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );

/** Callbacks for what happens in a local run. Each is optional; none may throw. */
export interface LocalObserver {
  /** A line of a function's log, or of Lambda's own about it. */
  logged?(line: LogLine): void;
  /** A line of a stage's access log. */
  accessLogged?(line: string): void;
  /** An HTTP request was answered. */
  served?(request: ServedRequest): void;
  /** An ingress has refused a request of a web page. */
  refused?(request: RefusedRequest): void;
  /**
   * EventBridge accepted, delivered or finally failed to deliver an event; without the event's
   * content.
   */
  routed?(observation: Observation): void;
  /** EventBridge put an event into a queue. */
  queued?(queueArn: string, body: string): void;
  /** A message has arrived in a dead-letter queue, moved there by SQS or sent. */
  deadLettered?(queueArn: string): void;
  /** The call of a function with messages of its queue begins. */
  batchStarted?(batch: SqsBatch): void;
  /** The call has ended. `failed` are the ids of the messages that stay in the queue. */
  batchFinished?(batch: SqsBatch, failed: ReadonlySet<string>, error?: string): void;
}

/** A request that an ingress has refused, since a web page made it. */
export interface RefusedRequest extends BrowserRequest {
  readonly method: string;
  /** Without query, which may hold a secret. */
  readonly path: string;
}
