import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalObserver, type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { type AwsAccess, connect } from '../../ops/aws/connect.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import type { Pipeline } from '../../ops/aws/pipeline.ts';
import {
  chooseQueue,
  type FailureQueue,
  findFailureQueues,
} from '../../ops/dead-letters/failure-queue.ts';

const queue = (name: string, properties: object = {}, tags: Record<string, string> = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: {
    QueueName: name,
    ...properties,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  },
});

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const rule = (pattern: object, queueId: string, more: object = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: { Ref: 'Bus' },
    EventPattern: pattern,
    Targets: [
      {
        Id: 'Target0',
        Arn: arnOf(queueId),
        DeadLetterConfig: { Arn: arnOf('Undeliverable') },
        ...more,
      },
    ],
  },
});

/** A consumer as the stack makes it, without a function: rule, queue and dead-letter queue. */
const consumer = (name: string, types: readonly string[]) => ({
  [`${name}DeadLetters`]: queue(
    `whatsapp-dev-${name}-dead-letters`,
    {},
    {
      'fanout:role': 'dead-letters',
      'fanout:consumer': name,
    },
  ),
  [`${name}Queue`]: queue(
    `whatsapp-dev-${name}`,
    {
      RedrivePolicy: { deadLetterTargetArn: arnOf(`${name}DeadLetters`), maxReceiveCount: 3 },
    },
    { 'fanout:consumer': name },
  ),
  [`${name}Rule`]: rule({ source: ['whatsapp'], 'detail-type': types }, `${name}Queue`),
});

/** A small pipeline by hand: what the commands look at, and nothing that takes time to start. */
const template = {
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'whatsapp-dev' } },
    Archive: {
      Type: 'AWS::Events::Archive',
      Properties: { ArchiveName: 'whatsapp-dev', SourceArn: arnOf('Bus'), RetentionDays: 7 },
    },
    Undeliverable: queue('whatsapp-dev-undeliverable', {}, { 'fanout:role': 'undeliverable' }),
    Unrouted: queue('whatsapp-dev-unrouted', {}, { 'fanout:role': 'unrouted' }),
    Spill: queue('whatsapp-dev-spill', {}, { 'fanout:role': 'spill' }),
    ...consumer('messages', ['message', 'message.any']),
    ...consumer('calls', ['call.received']),
    UnroutedRule: rule(
      { 'detail-type': [{ 'anything-but': ['message', 'message.any', 'call.received'] }] },
      'Unrouted',
    ),
  },
};

/** A pipeline that runs, and what a test does with it. */
export interface TestPipeline {
  readonly run: LocalRun;
  readonly access: AwsAccess;
  /** Looks at AWS anew. */
  find(): Promise<Pipeline>;
  end(name: string): Promise<{ readonly pipeline: Pipeline; readonly queue: FailureQueue }>;
  url(name: string): string;
  arn(name: string): string;
  /** Messages of a queue, in flight or not. */
  depth(name: string): Promise<number>;
  /** Bodies of a queue's messages, which stay there. */
  bodies(name: string): string[];
  close(): Promise<void>;
}

/** Runs the template in memory. */
export async function startPipeline(observer?: LocalObserver): Promise<TestPipeline> {
  const assembly = mkdtempSync(join(tmpdir(), 'fanout-test-'));
  writeFileSync(join(assembly, 'Test.template.json'), JSON.stringify(template));
  writeFileSync(
    join(assembly, 'manifest.json'),
    JSON.stringify({ artifacts: { Test: { type: 'aws:cloudformation:stack', properties: {} } } }),
  );
  const run = await startLocalRun({
    assembly,
    awsPort: 0,
    ingressPort: 0,
    environment: {},
    observer,
  });
  const access = connect({ endpoint: run.awsEndpoint });
  const { sqs } = run.services;
  const arn = (name: string) => `arn:aws:sqs:${run.region}:${run.accountId}:${name}`;
  const url = (name: string) => `${run.awsEndpoint}/${run.accountId}/${name}`;
  const find = () => findPipeline(access);
  return {
    run,
    access,
    find,
    arn,
    url,
    async end(name) {
      const pipeline = await find();
      return { pipeline, queue: chooseQueue(findFailureQueues(pipeline), name) };
    },
    async depth(name) {
      const { Attributes } = await sqs.call('GetQueueAttributes', {
        QueueUrl: url(name),
        AttributeNames: ['All'],
      });
      const counts = Attributes as Record<string, string>;
      return ['', 'NotVisible', 'Delayed']
        .map((kind) => Number(counts[`ApproximateNumberOfMessages${kind}`]))
        .reduce((a, b) => a + b);
    },
    bodies: (name) => sqs.peek(arn(name), 10_000).map(({ body }) => body),
    async close() {
      access.close();
      await run.close();
      rmSync(assembly, { recursive: true, force: true });
    },
  };
}
