import type { BusRule, Pipeline, Queue } from '../../ops/aws/pipeline.ts';

/** ARN of a queue. */
export const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:1:${name}`;

/** A queue that nothing is known of but its name. */
export const queue = (name: string, more: Partial<Queue> = {}): Queue => ({
  name,
  url: `https://sqs/1/${name}`,
  arn: arnOf(name),
  attributes: {},
  tags: {},
  ...more,
});

/** A queue whose dead letters go to another one. */
export const feeding = (name: string, deadLetters: string, tags: Record<string, string> = {}) =>
  queue(name, {
    tags,
    attributes: {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arnOf(deadLetters),
        maxReceiveCount: 5,
      }),
    },
  });

/** A rule with one target. */
export const rule = (name: string, target: object, busName = 'bus'): BusRule => ({
  name,
  busName,
  arn: `arn:aws:events:eu-west-1:1:rule/${busName}/${name}`,
  pattern: '{}',
  description: undefined,
  isEnabled: true,
  targets: [{ Id: '1', Arn: undefined, ...target }],
});

/** A stack with these queues, one bus, and these rules on it. */
export const pipelineOf = (queues: readonly Queue[], rules: readonly BusRule[] = []): Pipeline => ({
  stackName: 'stack',
  buses: [{ name: 'bus', arn: 'arn:aws:events:eu-west-1:1:event-bus/bus' }],
  rules,
  queues,
  archives: [],
  functions: [],
});
