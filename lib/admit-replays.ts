import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { replayRulePrefix } from '../events/replay-rule-prefix.ts';

const admitted = new WeakSet<IQueue>();

/** Lets the rules that `fanout replay` makes for a while on a bus send to a queue. */
export function admitReplays(busName: string, queue: IQueue): void {
  if (admitted.has(queue)) return;
  admitted.add(queue);
  const rules = Stack.of(queue).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: `${busName}/${replayRulePrefix}*`,
  });
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': rules } },
    }),
  );
}
