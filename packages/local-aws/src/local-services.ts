import type { DynamoDb } from './dynamodb/dynamo-db.ts';
import type { EventBridge } from './eventbridge/event-bridge.ts';
import type { HttpApiPlan } from './http-api/http-api-plan.ts';
import type { LambdaService } from './lambda/lambda-service.ts';
import type { ObjectStore } from './s3/object-store.ts';
import type { SecretsManager } from './secrets/secrets-manager.ts';
import type { Sqs } from './sqs/sqs.ts';
import type { ParameterStore } from './ssm/parameter-store.ts';

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
