import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { pattern, WhatsAppEventBus } from '../../lib/cdk.ts';

/** Where WAHA is, and which deployment's bus to subscribe to. */
export interface ReplyBotStackProps extends StackProps {
  /** Base URL of WAHA, for example `https://waha.example.com`. */
  readonly wahaUrl: string;
  /** @default dev */
  readonly stage?: string;
}

/** A function that answers "pong" to "ping". */
export class ReplyBotStack extends Stack {
  constructor(scope: Construct, id: string, { wahaUrl, stage, ...props }: ReplyBotStackProps) {
    super(scope, id, props);
    const apiKey = new Secret(this, 'WahaApiKey', {
      description: 'API key of WAHA',
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
    });
    (apiKey.node.defaultChild as CfnSecret).addMetadata('fanout:local-value', {
      variables: ['WAHA_API_KEY'],
      default: 'local-api-key',
    });
    WhatsAppEventBus.lookup(this, 'WhatsApp', { stage }).addConsumer('reply-bot', {
      kind: 'function',
      summary: 'Answers "pong" to "ping"',
      pattern: pattern({
        type: 'message',
        where: { 'meta.fromMe': false, 'data.body': { 'equals-ignore-case': 'ping' } },
      }),
      entry: fileURLToPath(new URL('reply.ts', import.meta.url)),
      // One message must not get two answers.
      idempotent: true,
      environment: { WAHA_URL: wahaUrl, WAHA_API_KEY_ARN: apiKey.secretArn },
      permissions: [{ actions: ['secretsmanager:GetSecretValue'], resources: [apiKey.secretArn] }],
    });
    new CfnOutput(this, 'WahaApiKeyArn', { value: apiKey.secretArn });
  }
}
