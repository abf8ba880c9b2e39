import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { busNameOf, type FunctionEnvironment, localMetadata } from '../events/names.ts';
import { BundledFunction } from './bundled-function.ts';
import { bucketEncryption, customerKeyOf } from './encryption.ts';
import { hasSecretsInUrls } from './ingress/ingress-endpoint.ts';
import { acknowledge } from './nag.ts';
import { failureRetention } from './queue.ts';
import { maxQueueDays, type Settings } from './settings.ts';
import { createExpiringTable, createIdentityTable } from './tables.ts';

/** Props of {@link Ingest}. */
export interface IngestProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The bus that events are published on. */
  readonly bus: IEventBus;
  /** The bucket for webhook bodies that are too large for the bus. */
  readonly claimChecks: IBucket;
  /** The queue for events that the bus refuses. */
  readonly spill: IQueue;
}

/**
 * Timeout of ingest for one webhook. It is longer than the timeouts of all steps together
 * (lambdas/ingest/budget.ts), and shorter than the 29 seconds after which a REST API ends the request (30 for
 * an HTTP API).
 */
export const ingestTimeout = Duration.seconds(24);

/** The function that the endpoint invokes, and the secrets that senders authenticate with. */
export class Ingest extends Construct {
  /** The function itself. */
  readonly function: LambdaFunction;
  /**
   * The secrets that senders need. `id` is the construct id, and `description` says which sender uses the
   * secret.
   */
  readonly secrets: readonly {
    readonly id: string;
    readonly description: string;
    readonly secret: Secret;
  }[];

  constructor(scope: Construct, id: string, { settings, bus, claimChecks, spill }: IngestProps) {
    super(scope, id);
    const environment: { -readonly [Name in keyof FunctionEnvironment]: string } = {
      AUTHENTICATION: settings.authentication,
      BUS_NAME: busNameOf(settings.stage),
      CLAIM_CHECK_BUCKET: claimChecks.bucketName,
      MAX_BODY_BYTES: String(settings.maxBodyBytes),
      ALLOWED_SOURCES: settings.allowedSources,
      REPLAY_WINDOW_HOURS: String(settings.replayWindowHours),
      SPILL_QUEUE_URL: spill.queueUrl,
      TIMEOUT_SECONDS: String(ingestTimeout.toSeconds()),
      DEDUPLICATE: settings.deduplicate,
      FILTERS: settings.filters,
    };
    const table =
      settings.deduplicate === 'none'
        ? undefined
        : createExpiringTable(this, 'Deduplication', `whatsapp-${settings.stage}-deduplication`);
    if (table) {
      environment.DEDUPLICATION_TABLE = table.tableName;
    }
    const identities =
      settings.identities === 'on' ? createIdentityTable(this, 'Identities', settings) : undefined;
    if (identities) {
      environment.IDENTITIES_TABLE = identities.tableName;
    }
    const secrets = this.#createSecrets(settings);
    this.secrets = secrets;
    for (const { variable, secret } of secrets) {
      environment[variable] = secret.secretArn;
    }

    const bundled = new BundledFunction(this, 'Handler', {
      entry: 'lambdas/ingest/ingest.ts',
      functionName: `whatsapp-${settings.stage}-ingest`,
      description: 'Authenticates, normalizes and publishes WhatsApp webhooks',
      settings,
      memory: Size.mebibytes(settings.ingestMemoryMb),
      timeout: ingestTimeout,
      environment,
      isInstrumented: !hasSecretsInUrls(settings),
      ...(settings.ingestConcurrency > 0 && {
        reservedConcurrency: settings.ingestConcurrency,
      }),
    });
    this.function = bundled.function;
    bus.grantPutEventsTo(bundled.function);
    for (const { secret } of secrets) {
      secret.grantRead(bundled.function);
    }
    this.#allowClaimChecks(bundled, claimChecks);
    bundled.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [spill.queueArn] }),
    );
    table?.grant(bundled.function, 'dynamodb:UpdateItem');
    identities?.grant(
      bundled.function,
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
    );
  }

  #allowClaimChecks({ role }: BundledFunction, bucket: IBucket): void {
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${claimCheckPrefix}*`)],
      }),
    );
    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    acknowledge(role, {
      [`AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${claimCheckPrefix}*]`]:
        'Object keys are made of their content, so only their prefix can be named; nothing but PutObject is allowed on it.',
    });
  }

  /** Creates one secret for each auth scheme that the stage accepts. Secrets Manager generates the values. */
  #createSecrets({ authentication }: Settings) {
    return (['hmac', 'secret'] as const)
      .filter((scheme) => authentication === 'any' || authentication === scheme)
      .map((scheme) => {
        const { id, variable, description, local } = secretFor[scheme];
        const secret = new Secret(this, id, {
          description,
          encryptionKey: customerKeyOf(this),
          generateSecretString: { passwordLength: 64, excludePunctuation: true },
        });
        (secret.node.defaultChild as CfnSecret).addMetadata(localMetadata.secretValue, local);
        acknowledge(secret, {
          'AwsSolutions-SMG4':
            'The sender holds the same secret, so a rotation has to be driven from its side too.',
        });
        return { id, variable, description, secret };
      });
  }
}

/** Prefix of the object keys of claim checks. */
const claimCheckPrefix = 'claim-checks/';

/**
 * The secret of each auth scheme. A local run reads its value from the environment variables in `local`; if
 * none is set it generates a value, as Secrets Manager does.
 */
const secretFor = {
  hmac: {
    id: 'SigningSecret',
    variable: 'SIGNING_SECRET_ARN',
    description: 'Key of the HMAC with which WAHA signs its webhooks',
    local: { variables: ['SIGNING_SECRET'] },
  },
  secret: {
    id: 'UrlSecret',
    variable: 'URL_SECRET_ARN',
    description: 'What a sender that does not sign (Wawp) sends along in the URL or a header',
    local: { variables: ['URL_SECRET'] },
  },
} as const;

/**
 * Days for which an event can refer to a claim check, without its archive: 14 in the spill queue, one of
 * EventBridge's retries, 13 in a consumer's queue and 14 in a failure queue, all of them maximums.
 */
const daysInQueues = failureRetention.toDays() + 1 + maxQueueDays + failureRetention.toDays();

/** Props of {@link ClaimChecks}. */
export interface ClaimChecksProps {
  /** Name of the deployment. */
  readonly stage: string;
  /** Days that the archive of the bus keeps events, which a replay publishes again. */
  readonly archiveDays: number;
}

/**
 * The bucket for webhook bodies that are too large for the bus. The event refers to its object instead. Objects
 * are kept for as long as an event in the archive or in a queue can refer to them.
 */
export class ClaimChecks extends Construct {
  /** The bucket itself. */
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, archiveDays }: ClaimChecksProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketEncryption(this),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        {
          expiration: Duration.days(archiveDays + daysInQueues),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      // Queues of other stacks may still have events that refer to these objects.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(this.bucket, {
      'AwsSolutions-S1':
        'Only the ingest function writes here and nothing here is public; server access logs would need a second bucket for as many objects.',
    });
    new StringParameter(this, 'BucketParameter', {
      parameterName: `/whatsapp/${stage}/claim-check-bucket`,
      stringValue: this.bucket.bucketName,
      description: 'Name of the bucket for webhook bodies that are too large for the bus',
    });
  }
}
