import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { pattern, WhatsAppEventBus } from '../../lib/cdk.ts';

/** Where the CRM is, and which deployment's bus to subscribe to. */
export interface OrdersToCrmStackProps extends StackProps {
  /** Base URL of the CRM's API, for example `https://crm.example.com/api/`. */
  readonly crmUrl: string;
  /** @default dev */
  readonly stage?: string;
}

/** A function that creates a deal for each order that a customer sends. */
export class OrdersToCrmStack extends Stack {
  constructor(scope: Construct, id: string, { crmUrl, stage, ...props }: OrdersToCrmStackProps) {
    super(scope, id, props);
    const token = new Secret(this, 'CrmToken', { description: 'API token of the CRM' });
    (token.node.defaultChild as CfnSecret).addMetadata('fanout:local-value', {
      variables: ['CRM_TOKEN'],
      default: 'local-crm-token',
    });
    WhatsAppEventBus.lookup(this, 'WhatsApp', { stage }).addConsumer('orders-to-crm', {
      kind: 'function',
      summary: 'Orders of customers, as deals of the CRM',
      pattern: pattern({
        type: 'message',
        where: { 'meta.fromMe': false, 'data.content': 'order' },
      }),
      entry: fileURLToPath(new URL('create-deal.ts', import.meta.url)),
      idempotent: true,
      environment: { CRM_URL: crmUrl, CRM_TOKEN_ARN: token.secretArn },
      permissions: [{ actions: ['secretsmanager:GetSecretValue'], resources: [token.secretArn] }],
    });
    new CfnOutput(this, 'CrmTokenArn', { value: token.secretArn });
  }
}
