import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isMessageText } from '../../src/sqs/messages/message-attributes.ts';
import { openSqs, urlOf } from './open-sqs.ts';

const mib = 1_048_576;

describe('message text', () => {
  test.each([
    ['emoji', '👩‍👩‍👧‍👦 🇮🇱'],
    ['right to left', '\u202eשלום مرحبا\u200f'],
    ['zero width', 'a\u200b\u200d\ufeffb'],
    ['line ends and tab', '\t\r\n'],
    ['the edges of the allowed set', '\u0020\ud7ff\ue000\ufffd\u{10000}\u{10ffff}'],
    ['control characters of Latin-1', '\u007f\u0085'],
  ])('%s comes back exactly as sent', async (_name, text) => {
    const { create, send, bodies } = openSqs();
    await create('orders');
    await send('orders', text);
    expect(await bodies('orders')).toEqual([text]);
  });

  test.each(['\0', '\b', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00x', 'x\udbff'])(
    'a body with %j is refused',
    async (text) => {
      const { create, refusal } = openSqs();
      const QueueUrl = await create('orders');
      expect(await refusal('SendMessage', { QueueUrl, MessageBody: text })).toBe(
        'InvalidMessageContents',
      );
    },
  );

  test('the allowed characters are those of the API reference, no more and no fewer', () => {
    const allowed = (code: number) =>
      code === 0x9 ||
      code === 0xa ||
      code === 0xd ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000;
    for (let code = 0; code <= 0x10ffff; code += code < 0x10000 ? 1 : 257) {
      if (isMessageText(String.fromCodePoint(code)) !== allowed(code)) {
        throw new Error(`wrong for #x${code.toString(16)}`);
      }
    }
  });

  test('any text that is accepted comes back exactly', async () => {
    const { create, send, receive, remove } = openSqs();
    await create('orders');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
        fc.pre(isMessageText(text));
        await send('orders', text, {
          MessageAttributes: { copy: { DataType: 'String', StringValue: text } },
        });
        const [message] = await receive('orders', { MessageAttributeNames: ['All'] });
        expect(message?.Body).toBe(text);
        expect(message?.MessageAttributes).toEqual({
          copy: { DataType: 'String', StringValue: text },
        });
        if (message) {
          await remove('orders', message);
        }
      }),
    );
  });
});

describe('message size', () => {
  test('body and attributes together may have 1 MiB and not a byte more', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const MessageAttributes = { k: { DataType: 'String', StringValue: 'x' } };
    const room = mib - 'kStringx'.length;
    const send = (MessageBody: string) =>
      refusal('SendMessage', { QueueUrl, MessageBody, MessageAttributes });
    expect(await send('a'.repeat(room))).toBe('none');
    expect(await send('a'.repeat(room + 1))).toBe('InvalidParameterValueException');
    expect(await send('é'.repeat(room / 2))).toBe('none');
    expect(await send('é'.repeat(room / 2 + 1))).toBe('InvalidParameterValueException');
  });

  test('a queue may allow less', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders', { MaximumMessageSize: '1024' });
    const send = (length: number) =>
      refusal('SendMessage', { QueueUrl, MessageBody: 'a'.repeat(length) });
    expect(await send(1024)).toBe('none');
    expect(await send(1025)).toBe('InvalidParameterValueException');
  });

  test('the trace header does not count', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders', { MaximumMessageSize: '1024' });
    const MessageSystemAttributes = {
      AWSTraceHeader: {
        DataType: 'String',
        StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793',
      },
    };
    const input = { QueueUrl, MessageBody: 'a'.repeat(1024), MessageSystemAttributes };
    expect(await refusal('SendMessage', input)).toBe('none');
  });

  test('a batch may have 1 MiB in all', async () => {
    const { create, call, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const batch = (size: number) => ({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'a'.repeat(size - 10) },
        {
          Id: 'b',
          MessageBody: 'b',
          MessageAttributes: { k: { DataType: 'Binary', BinaryValue: 'eHg=' } },
        },
      ],
    });
    expect(await call('SendMessageBatch', batch(mib))).not.toHaveProperty('Failed');
    expect(await refusal('SendMessageBatch', batch(mib + 1))).toBe('BatchRequestTooLong');
  });
});

describe('message attributes', () => {
  const attribute = (DataType: string, StringValue: string) => ({ a: { DataType, StringValue } });

  test.each([
    ['an empty name', { '': { DataType: 'String', StringValue: 'x' } }],
    ['a name of 257 characters', { ['n'.repeat(257)]: { DataType: 'String', StringValue: 'x' } }],
    ['a reserved name', { 'aWs.x': { DataType: 'String', StringValue: 'x' } }],
    ['another reserved name', { 'Amazon.x': { DataType: 'String', StringValue: 'x' } }],
    ['a leading period', { '.a': { DataType: 'String', StringValue: 'x' } }],
    ['a trailing period', { 'a.': { DataType: 'String', StringValue: 'x' } }],
    ['two periods', { 'a..b': { DataType: 'String', StringValue: 'x' } }],
    ['a space in the name', { 'a b': { DataType: 'String', StringValue: 'x' } }],
    ['no type', { a: { StringValue: 'x' } }],
    ['an unknown type', attribute('Text', 'x')],
    ['a type with a mere suffix', attribute('Stringy', 'x')],
    ['a type of 257 characters', attribute(`String.${'x'.repeat(250)}`, 'x')],
    ['an empty text', attribute('String', '')],
    ['no value', { a: { DataType: 'String' } }],
    ['a refused character', attribute('String', '\b')],
    ['text for a number', attribute('Number', 'ten')],
    ['text for bytes', attribute('Binary', 'x')],
    ['two values', { a: { DataType: 'String', StringValue: 'x', BinaryValue: 'eA==' } }],
  ])('%s is refused', async (_name, MessageAttributes) => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    expect(await refusal('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes })).toBe(
      'InvalidParameterValueException',
    );
  });

  test.each([
    ['a custom label', attribute('Number.int', 'not checked')],
    [
      'accented letters, which AWS accepts too',
      { 'attr.1øßä': { DataType: 'String', StringValue: 'x' } },
    ],
    ['numbers of any form', attribute('Number', '-1.5e-12')],
    ['a name of 256 characters', { ['n'.repeat(256)]: { DataType: 'String', StringValue: 'x' } }],
    [
      'a name of Object.prototype',
      JSON.parse('{"__proto__":{"DataType":"String","StringValue":"x"}}'),
    ],
  ])('%s passes', async (_name, MessageAttributes) => {
    const { create, send, receive } = openSqs();
    await create('orders');
    await send('orders', 'x', { MessageAttributes });
    const [message] = await receive('orders', { MessageAttributeNames: ['All'] });
    expect(JSON.stringify(message?.MessageAttributes)).toBe(JSON.stringify(MessageAttributes));
  });

  test('ten attributes pass, eleven do not', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const send = (count: number) =>
      refusal('SendMessage', {
        QueueUrl,
        MessageBody: 'x',
        MessageAttributes: Object.fromEntries(
          Array.from({ length: count }, (_, i) => [
            `n${i}`,
            { DataType: 'String', StringValue: 'x' },
          ]),
        ),
      });
    expect(await send(10)).toBe('none');
    expect(await send(11)).toBe('InvalidParameterValueException');
  });

  test('list values are reserved', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const MessageAttributes = { a: { DataType: 'String', StringListValues: ['x'] } };
    expect(await refusal('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes })).toBe(
      'UnsupportedOperation',
    );
  });

  test('the only system attribute is the trace header, as text', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const send = (MessageSystemAttributes: object) =>
      refusal('SendMessage', { QueueUrl, MessageBody: 'x', MessageSystemAttributes });
    expect(await send({ Other: { DataType: 'String', StringValue: 'x' } })).toBe(
      'InvalidParameterValueException',
    );
    expect(await send({ AWSTraceHeader: { DataType: 'Number', StringValue: '1' } })).toBe(
      'InvalidParameterValueException',
    );
  });

  test('the digests are those that AWS computes', async () => {
    const { create, send } = openSqs();
    await create('orders');
    const timestamp = { DataType: 'Number', StringValue: '1493147359900' };
    const AWSTraceHeader = {
      DataType: 'String',
      StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    };
    expect(
      await send('orders', 'test', {
        MessageAttributes: { timestamp },
        MessageSystemAttributes: { AWSTraceHeader },
      }),
    ).toMatchObject({
      MD5OfMessageBody: '098f6bcd4621d373cade4e832627b4f6',
      MD5OfMessageSystemAttributes: '5ae4d5d7636402d80f4eb6d213245a88',
    });
    const attr1 = {
      DataType: 'Binary',
      BinaryValue: Buffer.from(
        'traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01',
      ).toString('base64'),
    };
    expect(await send('orders', 'test', { MessageAttributes: { attr1 } })).toMatchObject({
      MD5OfMessageAttributes: '8cbe4db156db8a94db8b801b7addb984',
    });
  });
});

describe('delays', () => {
  test('a message can be delayed by 0 to 900 seconds', async () => {
    const { create, send, bodies, clock, refusal, counts } = openSqs();
    const QueueUrl = await create('orders');
    await send('orders', 'late', { DelaySeconds: 900 });
    expect(await bodies('orders')).toEqual([]);
    expect(await counts('orders')).toEqual([0, 0, 1]);
    await clock.advance(899_999);
    expect(await bodies('orders')).toEqual([]);
    await clock.advance(1);
    expect(await bodies('orders')).toEqual(['late']);
    for (const DelaySeconds of [-1, 901]) {
      expect(await refusal('SendMessage', { QueueUrl, MessageBody: 'x', DelaySeconds })).toBe(
        'InvalidParameterValueException',
      );
    }
  });

  test("a message's own delay replaces the queue's", async () => {
    const { create, send, bodies, clock } = openSqs();
    await create('orders', { DelaySeconds: '5' });
    await send('orders', 'at once', { DelaySeconds: 0 });
    await send('orders', 'later');
    expect(await bodies('orders')).toEqual(['at once']);
    await clock.advance(5000);
    expect(await bodies('orders')).toEqual(['later']);
  });
});

describe('batches', () => {
  const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });

  test('one bad entry does not harm the others', async () => {
    const { create, call, bodies } = openSqs();
    const QueueUrl = await create('orders');
    const Entries = [
      entry('good'),
      entry('bad', '\u0001'),
      entry('empty', ''),
      { ...entry('late'), DelaySeconds: 901 },
    ];
    expect(await call('SendMessageBatch', { QueueUrl, Entries })).toEqual({
      Successful: [
        {
          Id: 'good',
          MessageId: expect.any(String),
          MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6',
        },
      ],
      Failed: [
        {
          Id: 'bad',
          SenderFault: true,
          Code: 'InvalidMessageContents',
          Message: expect.any(String),
        },
        {
          Id: 'empty',
          SenderFault: true,
          Code: 'MissingParameter',
          Message:
            'The request must contain the parameter SendMessageBatchRequestEntry.3.MessageBody.',
        },
        {
          Id: 'late',
          SenderFault: true,
          Code: 'InvalidParameterValue',
          Message: expect.any(String),
        },
      ],
    });
    expect(await bodies('orders')).toEqual(['x']);
  });

  const eleven = Array.from({ length: 11 }, (_, i) => entry(String(i)));
  test.each([
    ['no entries', [], 'EmptyBatchRequest'],
    ['eleven entries', eleven, 'TooManyEntriesInBatchRequest'],
    ['two entries of one id', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
    ['an empty id', [entry('')], 'InvalidBatchEntryId'],
    ['an id of 81 characters', [entry('a'.repeat(81))], 'InvalidBatchEntryId'],
    ['a colon in an id', [entry('a:b')], 'InvalidBatchEntryId'],
    ['no id', [{ MessageBody: 'x' }], 'MissingRequiredParameterException'],
    ['no list', 'x', 'SerializationException'],
  ])('%s refuses the entire batch', async (_name, Entries, code) => {
    const { create, refusal, counts } = openSqs();
    const QueueUrl = await create('orders');
    expect(await refusal('SendMessageBatch', { QueueUrl, Entries })).toBe(code);
    expect(await refusal('DeleteMessageBatch', { QueueUrl, Entries })).toBe(code);
    expect(await refusal('ChangeMessageVisibilityBatch', { QueueUrl, Entries })).toBe(code);
    expect(await counts('orders')).toEqual([0, 0, 0]);
  });
});

test('sending to a queue that does not exist is refused', async () => {
  const { refusal } = openSqs();
  expect(await refusal('SendMessage', { QueueUrl: urlOf('none'), MessageBody: 'x' })).toBe(
    'QueueDoesNotExist',
  );
});

test('a standard queue takes a group id and no deduplication id', async () => {
  const { create, send, receive, refusal } = openSqs();
  const QueueUrl = await create('orders');
  await send('orders', 'x', { MessageGroupId: 'tenant@c.us' });
  const [message] = await receive('orders', { MessageSystemAttributeNames: ['MessageGroupId'] });
  expect(message?.Attributes).toEqual({ MessageGroupId: 'tenant@c.us' });
  const input = { QueueUrl, MessageBody: 'x', MessageDeduplicationId: '1' };
  expect(await refusal('SendMessage', input)).toBe('InvalidParameterValueException');
});

test('errors do not repeat a group id, which may be a phone number', async () => {
  const { create, call } = openSqs();
  const QueueUrl = await create('orders');
  const sending = call('SendMessage', { QueueUrl, MessageBody: 'x', MessageGroupId: '+49 151 1' });
  await expect(sending).rejects.toThrow(/^((?!151).)*$/);
});
