import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AwsError, type JsonObject } from '../../src/aws-service.ts';
import { openSqs, urlOf } from './open-sqs.ts';

const actions = [
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'CreateQueue',
  'DeleteMessage',
  'DeleteMessageBatch',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'ListQueueTags',
  'ListQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
];

const fields = [
  'QueueUrl',
  'QueueName',
  'Attributes',
  'tags',
  'Tags',
  'TagKeys',
  'Entries',
  'MessageBody',
  'MessageAttributes',
  'MessageSystemAttributes',
  'MessageGroupId',
  'MessageDeduplicationId',
  'DelaySeconds',
  'ReceiptHandle',
  'VisibilityTimeout',
  'MaxNumberOfMessages',
  'AttributeNames',
  'MessageAttributeNames',
  'NextToken',
  'MaxResults',
  'QueueNamePrefix',
];

/**
 * Input that clients send by mistake or in malice: any JSON in any field, known keys and prototype
 * tricks.
 */
const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom('__proto__', 'constructor', '', '{}', -1, 1.5, 1e300, urlOf('orders.fifo')),
  fc.string({ unit: 'binary' }),
);
const map = fc.dictionary(
  fc.constantFrom('__proto__', 'constructor', 'Policy', 'RedrivePolicy', 'DelaySeconds', 'a'),
  fc.oneof(leaf, fc.dictionary(fc.constantFrom('DataType', 'StringValue', 'BinaryValue'), leaf)),
);
const entry = fc.dictionary(fc.constantFrom('Id', 'MessageBody', 'ReceiptHandle', ...fields), leaf);
const junk = fc.oneof(leaf, map, fc.array(fc.oneof(leaf, entry), { maxLength: 3 }));

const inputs = fc
  .dictionary(fc.constantFrom(...fields), junk, { maxKeys: 6 })
  .map((input) => JSON.parse(JSON.stringify(input)) as JsonObject);

describe('untrusted input', () => {
  test('any input is answered or refused with an error of the API, and harms no queue', async () => {
    const { call, create, send, attributes } = openSqs();
    await create('orders');
    await create('orders.fifo', { FifoQueue: 'true' });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...actions),
        inputs,
        fc.boolean(),
        async (action, input, known) => {
          const target = known ? { QueueUrl: urlOf('orders') } : {};
          await call(action, { ...input, ...target }).catch((error) => {
            if (!(error instanceof AwsError)) {
              throw error;
            }
            expect(error.message.length).toBeLessThan(1000);
          });
        },
      ),
      { numRuns: 600 },
    );
    expect(await attributes('orders')).toHaveProperty('QueueArn');
    await send('orders', 'still here');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    'Nonsense',
    'constructor',
    '__proto__',
    'sendMessage',
    'AddPermission',
    'StartMessageMoveTask',
    '',
  ])('the action %j is refused by its name', async (action) => {
    await expect(openSqs().call(action)).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: `The local run does not have the action ${action} of SQS.`,
    });
  });

  test.each([null, 'text', [], 1])('the request %j is refused', async (input) => {
    const { refusal } = openSqs();
    expect(await refusal('ListQueues', input as unknown as JsonObject)).toBe(
      'SerializationException',
    );
  });

  test('fields of the prototype are not fields of the request', async () => {
    const { refusal } = openSqs();
    const input = Object.create({ QueueName: 'inherited' });
    expect(await refusal('GetQueueUrl', input)).toBe('MissingRequiredParameterException');
  });
});
