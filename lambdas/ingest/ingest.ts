import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { requiredEnvironment } from '../runtime/environment.ts';
import type { Authentication } from './authenticate.ts';
import { putClaimCheck } from './claim-check.ts';
import { createHandler } from './create-handler.ts';
import { SecretCache } from './secret-cache.ts';

/** One try at the bus; ingest itself decides whether to try again. */
const sdkSettings = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
};

const bus = new EventBridgeClient(sdkSettings);
const secretsManager = new SecretsManagerClient({ ...sdkSettings, maxAttempts: 3 });

/** The ingest function: an HTTP API request in, events on the bus, an answer for the sender out. */
export const handler = createHandler({
  busName: requiredEnvironment('BUS_NAME'),
  authentication: requiredEnvironment('AUTHENTICATION') as Authentication,
  maxBodyBytes: Number(requiredEnvironment('MAX_BODY_BYTES')),
  signingSecretArn: process.env.SIGNING_SECRET_ARN,
  urlSecretArn: process.env.URL_SECRET_ARN,
  secrets: new SecretCache(async (SecretId) => {
    const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
    if (!SecretString) throw new Error('The secret holds no text');
    return SecretString;
  }),
  putEvents: async (Entries) => {
    const result = await bus.send(new PutEventsCommand({ Entries: [...Entries] }));
    return result.Entries ?? [];
  },
  putClaimCheck: putClaimCheck({
    bucket: requiredEnvironment('CLAIM_CHECK_BUCKET'),
    region: requiredEnvironment('AWS_REGION'),
    credentials: () => bus.config.credentials(),
    sha256: bus.config.sha256,
    endpoint: process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL,
  }),
});
