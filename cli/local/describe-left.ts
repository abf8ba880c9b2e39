import type { LocalRun } from '@event-fanout/local-aws';
import type { Left } from './left.ts';

/** Looks at what waits in a run, and says whether it is kept. */
export async function describeLeft({ services }: LocalRun, isKept: boolean): Promise<Left> {
  const { sqs, eventBridge, lambda } = services;
  const { QueueUrls = [] } = await sqs.call('ListQueues', {});
  const queues: Record<string, number> = {};
  for (const QueueUrl of QueueUrls as string[]) {
    const AttributeNames = ['All'];
    const { Attributes = {} } = await sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames });
    const counts = Attributes as Record<string, string>;
    const count = ['', 'NotVisible', 'Delayed'].reduce(
      (sum, state) => sum + Number(counts[`ApproximateNumberOfMessages${state}`] ?? 0),
      0,
    );
    if (count > 0) queues[QueueUrl.split('/').at(-1) ?? QueueUrl] = count;
  }
  const pending = eventBridge.pending() + lambda.pendingEvents();
  return { queues, pending, text: inWords(queues, pending, isKept) };
}

function inWords(queues: Left['queues'], pending: number, isKept: boolean): string {
  const waiting = Object.entries(queues).map(([name, count]) => `  ${name}: ${count}`);
  if (waiting.length === 0 && pending === 0) return 'Stopped. Nothing waits.';
  return [
    isKept ? 'Stopped. Kept for the next start:' : 'Stopped. Not kept (--memory):',
    ...waiting,
    ...(pending > 0 ? [`  to be delivered again: ${pending}`] : []),
  ].join('\n');
}
