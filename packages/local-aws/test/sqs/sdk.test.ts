import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchEntryIdsNotDistinct,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  InvalidAttributeName,
  InvalidMessageContents,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AwsError } from '../../src/aws-service.ts';
import { systemClock } from '../../src/clock.ts';
import { Sqs } from '../../src/sqs/sqs.ts';
import { openStore, type Store } from '../../src/store.ts';
import { account } from './open-sqs.ts';

let store: Store;
let sqs: Sqs;
let server: Server;
let client: SQSClient;

/** The JSON protocol in its simplest form. */
beforeEach(async () => {
  server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    try {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      response.end(JSON.stringify(await sqs.call(action, body, gone.signal)));
    } catch (thrown) {
      const error = thrown as AwsError;
      response.statusCode = error.statusCode;
      if (error.queryCode) {
        response.setHeader('x-amzn-query-error', `${error.queryCode};Sender`);
      }
      response.end(
        JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message }),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  store = openStore();
  sqs = new Sqs({ store, clock: systemClock(), region: 'us-east-1', accountId: account, endpoint });
  client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  sqs.close();
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  store.close();
});

const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
  (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;

describe('the official client', () => {
  test('sends, receives and deletes, and finds all digests right', async () => {
    const QueueUrl = await create('orders');
    const sent = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: '😀 שלום',
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'مرحبا' },
          bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0, 1, 255) },
        },
      }),
    );
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    expect(Messages).toMatchObject([
      {
        MessageId: sent.MessageId,
        Body: '😀 שלום',
        MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'مرحبا' },
          bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0, 1, 255) },
        },
        Attributes: { ApproximateReceiveCount: '1' },
      },
    ]);
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(await client.send(new ReceiveMessageCommand({ QueueUrl }))).not.toHaveProperty(
      'Messages',
    );
  });

  test('sends and deletes in batches', async () => {
    const QueueUrl = await create('orders');
    const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `m${i}` }));
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful).toHaveLength(10);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle })),
      }),
    );
    expect(deleted.Successful).toHaveLength(10);
    expect(deleted.Failed).toBeUndefined();
  });

  test('waits for a message that another request sends', async () => {
    const QueueUrl = await create('orders');
    const receiving = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    expect((await receiving).Messages).toMatchObject([{ Body: 'x' }]);
  });

  test('stops waiting without receiving a message', async () => {
    const QueueUrl = await create('orders');
    const impatience = new AbortController();
    const arrived = once(server, 'request');
    const receiving = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: impatience.signal,
    });
    const [, response] = await arrived;
    const closed = once(response, 'close');
    impatience.abort();
    await expect(receiving).rejects.toThrow();
    await closed;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toMatchObject([{ Body: 'x' }]);
  });

  test('knows the errors by their classes', async () => {
    const QueueUrl = await create('orders', { DelaySeconds: '1' });
    const failing = async (sending: Promise<unknown>) => sending.then(() => 'none').catch((e) => e);
    const nowhere = `${QueueUrl}-not`;
    expect(
      await failing(client.send(new SendMessageCommand({ QueueUrl: nowhere, MessageBody: 'x' }))),
    ).toBeInstanceOf(QueueDoesNotExist);
    expect(await failing(create('orders', { DelaySeconds: '2' }))).toBeInstanceOf(QueueNameExists);
    expect(
      await failing(client.send(new SendMessageCommand({ QueueUrl, MessageBody: '\0' }))),
    ).toBeInstanceOf(InvalidMessageContents);
    expect(
      await failing(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'junk' }))),
    ).toBeInstanceOf(ReceiptHandleIsInvalid);
    expect(
      await failing(client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }))),
    ).toBeInstanceOf(EmptyBatchRequest);
    const twice = [1, 2].map(() => ({ Id: 'a', MessageBody: 'x' }));
    expect(
      await failing(client.send(new SendMessageBatchCommand({ QueueUrl, Entries: twice }))),
    ).toBeInstanceOf(BatchEntryIdsNotDistinct);
    expect(
      await failing(
        client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['No' as 'All'] })),
      ),
    ).toBeInstanceOf(InvalidAttributeName);
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await failing(client.send(new PurgeQueueCommand({ QueueUrl })))).toBeInstanceOf(
      PurgeQueueInProgress,
    );
  });
});
