import { writeSync } from 'node:fs';
import type { JsonObject } from '../../src/aws-service.ts';
import { systemClock } from '../../src/clock.ts';
import { Sqs } from '../../src/sqs/sqs.ts';
import { openStore } from '../../src/store.ts';
import { account, endpointRule, type Received, urlOf } from './open-sqs.ts';

// Sends messages to a queue in the given directory and deletes every other one, until it is killed:
// by several at the same time when commits are grouped. Committed steps are printed: "+body" when
// it was sent, "~body" before it is deleted, "-body" when it was.
const [, , directory, mode] = process.argv;
const store = openStore(directory, { grouped: mode === 'grouped' });
const sqs = new Sqs({
  store,
  clock: systemClock(),
  region: 'us-east-1',
  accountId: account,
  endpoint: endpointRule,
});
const QueueUrl = urlOf('orders');
const call = async (action: string, input: JsonObject) => {
  const answer = await sqs.call(action, input);
  await store.committed();
  return answer;
};
const report = (line: string) => writeSync(1, `${line}\n`);

await call('CreateQueue', { QueueName: 'orders' });
async function work(name: string): Promise<never> {
  for (let i = 0; ; i++) {
    await call('SendMessage', { QueueUrl, MessageBody: `message ${name}${i}` });
    report(`+message ${name}${i}`);
    if (i % 2 === 0) {
      continue;
    }
    const { Messages = [] } = await call('ReceiveMessage', { QueueUrl });
    for (const { ReceiptHandle, Body } of Messages as readonly Received[]) {
      report(`~${Body}`);
      await call('DeleteMessage', { QueueUrl, ReceiptHandle });
      report(`-${Body}`);
    }
  }
}
await Promise.all((mode === 'grouped' ? ['a', 'b', 'c', 'd'] : ['']).map(work));
