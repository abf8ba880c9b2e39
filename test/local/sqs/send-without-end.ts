import { writeSync } from 'node:fs';
import { systemClock } from '../../../local/clock.ts';
import { Sqs } from '../../../local/sqs/sqs.ts';
import { openStore } from '../../../local/store.ts';
import { ACCOUNT, ENDPOINT, type Received, urlOf } from './open-sqs.ts';

// Sends messages to a queue in the given directory and deletes every other one, until it is killed.
// Each answer is reported: "+body" when sent, "-body" when deleted.
const sqs = new Sqs({
  store: openStore(process.argv[2]),
  clock: systemClock(),
  region: 'us-east-1',
  accountId: ACCOUNT,
  endpoint: ENDPOINT,
});
const QueueUrl = urlOf('orders');
await sqs.call('CreateQueue', { QueueName: 'orders' });
for (let i = 0; ; i++) {
  await sqs.call('SendMessage', { QueueUrl, MessageBody: `message ${i}` });
  writeSync(1, `+message ${i}\n`);
  if (i % 2 === 0) continue;
  const { Messages = [] } = await sqs.call('ReceiveMessage', { QueueUrl });
  for (const { ReceiptHandle, Body } of Messages as readonly Received[]) {
    await sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });
    writeSync(1, `-${Body}\n`);
  }
}
