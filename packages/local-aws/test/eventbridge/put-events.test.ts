import { describe, expect, test } from '@jest/globals';
import { busArn, newBench, queueArn, refusal } from './fixture.ts';

const entry = (over: object = {}) => ({
  Source: 'test',
  DetailType: 'thing',
  Detail: '{}',
  ...over,
});

async function subscribed(over: object = {}) {
  const bench = newBench();
  await bench.rule('all', { version: ['0'] }, { Arn: queueArn('q') });
  await bench.call('PutEvents', { Entries: [entry(over)] });
  return bench.targets.bodies('q')[0] ?? '';
}

describe('an accepted event', () => {
  test('is built as AWS builds it', async () => {
    const text = await subscribed({ Detail: '{"a":1}', Resources: ['arn:x'], Time: 1767225661.9 });
    const { id } = JSON.parse(text);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(text).toBe(
      `{"version":"0","id":"${id}","detail-type":"thing","source":"test","account":"123456789012",` +
        `"time":"2026-01-01T00:01:01Z","region":"eu-west-1","resources":["arn:x"],"detail":{"a":1}}`,
    );
  });

  test('has the time of the call when none is given', async () => {
    expect(JSON.parse(await subscribed()).time).toBe('2026-01-01T00:00:00Z');
  });

  test('keeps its detail as it was sent, digits and order included', async () => {
    const detail = '{"big":12345678901234567890.10,"b":1e400, "10":1,"2":2,"é":"\\u0041"}';
    expect(await subscribed({ Detail: detail })).toContain(`"detail":${detail}}`);
  });

  test('has escapes for the characters that a queue refuses', async () => {
    const text = await subscribed({ Detail: '{"a":"\ufffe\uffff\ud83d 🚀"}' });
    expect(text).toContain('"\\ufffe\\uffff\\ud83d 🚀"');
    expect(JSON.parse(text).detail.a).toBe('\ufffe\uffff\ud83d 🚀');
  });

  test('matches by the text of its numbers', async () => {
    const bench = newBench();
    await bench.rule('exact', { detail: { n: [623456789012] } }, { Arn: queueArn('q') });
    await bench.put('{"n":623456789012.0}');
    await bench.put('{"n":623456789012}');
    expect(bench.targets.bodies('q')).toHaveLength(1);
  });
});

describe('an entry is refused separately, and the call succeeds:', () => {
  const required = (name: string) =>
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
  const tooLong =
    'Parameter DetailType is not valid. Reason: DetailType must not be longer than 128 characters.';
  const deep = `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`;
  test.each([
    ['no source', { Source: undefined }, 'InvalidArgument', required('Source')],
    ['an empty detail type', { DetailType: '' }, 'InvalidArgument', required('DetailType')],
    ['a null detail', { Detail: null }, 'InvalidArgument', required('Detail')],
    ['a long detail type', { DetailType: 'x'.repeat(129) }, 'InvalidArgument', tooLong],
    ['a list as detail', { Detail: '[1]' }, 'MalformedDetail', 'Detail is malformed.'],
    ['a string as detail', { Detail: '"text"' }, 'MalformedDetail', 'Detail is malformed.'],
    ['half a detail', { Detail: '{"a":' }, 'MalformedDetail', 'Detail is malformed.'],
    ['a detail too deep', { Detail: deep }, 'MalformedDetail', 'Detail is malformed.'],
    [
      'a source of AWS',
      { Source: 'aws.s3' },
      'NotAuthorizedForSourceException',
      'Not authorized for the source.',
    ],
  ])('%s', async (_, over, ErrorCode, ErrorMessage) => {
    const bench = newBench();
    await bench.rule('all', { version: ['0'] }, { Arn: queueArn('q') });
    const answer = await bench.call('PutEvents', { Entries: [entry(), entry(over), entry()] });
    expect(answer).toEqual({
      FailedEntryCount: 1,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode, ErrorMessage },
        { EventId: expect.any(String) },
      ],
    });
    expect(bench.targets.bodies('q')).toHaveLength(2);
  });
});

describe('the entire call is refused', () => {
  const call = async (input: object) => {
    const error = await refusal(newBench().call('PutEvents', input as never));
    return [error.code, error.statusCode, error.message];
  };

  test('without entries, or with more than ten', async () => {
    expect(await call({})).toEqual([
      'ValidationException',
      400,
      expect.stringMatching(/'entries'.*not be null/),
    ]);
    expect(await call({ Entries: [] })).toContain('ValidationException');
    expect(await call({ Entries: Array(11).fill(entry()) })).toEqual([
      'ValidationException',
      400,
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    ]);
  });

  test('with members of a wrong type', async () => {
    expect(await call({ Entries: 'x' })).toContain('SerializationException');
    expect(await call({ Entries: ['x'] })).toContain('SerializationException');
    expect(await call({ Entries: [entry({ Detail: {} })] })).toContain('SerializationException');
    expect(await call({ Entries: [entry({ Time: 1e300 })] })).toContain('SerializationException');
    expect(await call({ Entries: [entry({ Resources: [1] })] })).toContain(
      'SerializationException',
    );
  });

  test('over one mebibyte, counted as AWS counts', async () => {
    const big = (bytes: number) => `{"a":"${'é'.repeat(bytes / 2 - 4)}"}`;
    const exact = entry({ Detail: big(1048576 - 'test'.length - 'thing'.length - 15), Time: 1 });
    const { Entries } = await newBench().call('PutEvents', { Entries: [exact] });
    expect(Entries).toEqual([{ EventId: expect.any(String) }]);
    expect(await call({ Entries: [exact, entry()] })).toEqual([
      'ValidationException',
      400,
      'Total size of the entries in the request is over the limit.',
    ]);
  });
});

test('an event for a bus that does not exist is accepted and reported', async () => {
  const bench = newBench();
  const eventId = await bench.put({}, { EventBusName: 'nowhere' });
  expect(eventId).toMatch(/^[0-9a-f-]{36}$/);
  expect(bench.observations).toEqual([{ kind: 'noSuchBus', eventId, bus: 'nowhere' }]);
});

test('a bus may be named by its ARN', async () => {
  const bench = newBench();
  await bench.call('CreateEventBus', { Name: 'custom' });
  await bench.rule('all', { version: ['0'] }, { Arn: queueArn('q') }, 'custom');
  await bench.put({}, { EventBusName: busArn('custom') });
  await bench.put({});
  expect(bench.targets.bodies('q')).toHaveLength(1);
});

test('published events are observed without their content', async () => {
  const bench = newBench();
  await bench.rule('one', { source: ['test'] }, { Arn: queueArn('q') });
  await bench.rule('two', { source: ['test'] }, { Arn: queueArn('q') });
  await bench.rule('other', { source: ['else'] }, { Arn: queueArn('q') });
  const eventId = await bench.put({ secret: 'hush' });
  expect(bench.observations).toEqual([
    {
      kind: 'published',
      eventId,
      bus: 'default',
      source: 'test',
      detailType: 'thing',
      rules: ['one', 'two'],
    },
    ...['one', 'two'].map((rule) => ({
      kind: 'delivered',
      eventId,
      bus: 'default',
      rule,
      targetId: 'target',
      targetArn: queueArn('q'),
      attempt: 1,
      ms: 0,
    })),
  ]);
  expect(bench.eventBridge.metrics).toMatchObject({ published: 1, matched: 2, delivered: 2 });
});
