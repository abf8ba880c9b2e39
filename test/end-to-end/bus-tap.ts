import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalObserver, type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import type { Meta } from '../../events/envelope.ts';
import { sign } from '../../events/signature.ts';
import { secretEnvironment, testSecret } from './secrets.ts';

/** An event as it left the bus. */
export interface Tapped {
  readonly meta: Meta;
  readonly data: Record<string, unknown>;
  readonly raw: unknown;
  /** Its text, as a queue has it. */
  readonly text: string;
}

/** The answer to a webhook. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: { readonly id?: string; readonly error?: string; readonly events?: unknown[] };
}

const queueName = 'tap';

/** The pipeline from outside: webhooks in by HTTP, and everything that leaves the bus, by a rule of its own. */
export class TappedPipeline {
  readonly run: LocalRun;
  readonly events: Tapped[];

  private constructor(run: LocalRun, events: Tapped[]) {
    this.run = run;
    this.events = events;
  }

  /** Starts an assembly, with a queue that receives every event of the bus. */
  static async start(
    assembly: string,
    options: Pick<Parameters<typeof startLocalRun>[0], 'fault' | 'dataDirectory'> = {},
  ): Promise<TappedPipeline> {
    const events: Tapped[] = [];
    const observer: LocalObserver = {
      queued(queueArn, text) {
        if (!queueArn.endsWith(`:${queueName}`)) {
          return;
        }
        events.push({ ...JSON.parse(text).detail, text });
      },
    };
    const run = await startLocalRun({
      ...{ assembly, ingressPort: 0, awsPort: 0, environment: secretEnvironment, observer },
      ...options,
    });
    const client = {
      endpoint: run.awsEndpoint,
      region: run.region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    };
    const sqs = new SQSClient(client);
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: queueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const eventBridge = new EventBridgeClient(client);
    const EventBusName = 'whatsapp-dev';
    await eventBridge.send(
      new PutRuleCommand({
        ...{ Name: queueName, EventBusName },
        EventPattern: JSON.stringify({ source: ['whatsapp'] }),
      }),
    );
    const Targets = [{ Id: queueName, Arn: Attributes?.QueueArn }];
    await eventBridge.send(new PutTargetsCommand({ Rule: queueName, EventBusName, Targets }));
    sqs.destroy();
    eventBridge.destroy();
    return new TappedPipeline(run, events);
  }

  /** Posts a webhook as WAHA does; a text is posted as it is. */
  async post(webhook: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = typeof webhook === 'string' ? webhook : JSON.stringify(webhook);
    const response = await fetch(`${[...this.run.ingresses.values()][0]}/webhooks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-webhook-hmac': sign(body, testSecret),
        'x-webhook-request-id': crypto.randomUUID(),
        ...headers,
      },
      body,
    });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: (await response.json()) as Answer['body'],
    };
  }

  /** Resolves when EventBridge has delivered all that it has taken. */
  async settle(): Promise<void> {
    while (this.run.services.eventBridge.pending() > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    await this.run.close();
  }
}
