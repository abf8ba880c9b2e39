import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AwsError, type JsonObject } from '../../src/aws-service.ts';
import { actions } from '../../src/eventbridge/actions/actions.ts';
import { busArn, newBench, queueArn } from './fixture.ts';

/** Members that actions look at, so that random requests get past the first check. */
const names = [
  'Name',
  'Rule',
  'EventBusName',
  'EventPattern',
  'Event',
  'State',
  'Targets',
  'Ids',
  'Id',
  'Arn',
  'Entries',
  'Source',
  'DetailType',
  'Detail',
  'Time',
  'Resources',
  'Limit',
  'NextToken',
  'NamePrefix',
  'Tags',
  'TagKeys',
  'Key',
  'Value',
  'ResourceARN',
  'ArchiveName',
  'EventSourceArn',
  'ReplayName',
  'EventStartTime',
  'EventEndTime',
  'Destination',
  'InputTransformer',
  'InputTemplate',
  'InputPathsMap',
  'InputPath',
  'Input',
  'RetryPolicy',
  'MaximumRetryAttempts',
  'SqsParameters',
  'HttpParameters',
  'DeadLetterConfig',
  'AuthorizationType',
  'AuthParameters',
  'ConnectionArn',
  'ApiKeyAuthParameters',
  'InvocationEndpoint',
  'HttpMethod',
  'Policy',
  'StatementId',
  'Action',
  'Principal',
  'Condition',
  'RetentionDays',
  '__proto__',
  'constructor',
];
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    'default',
    'r',
    'a',
    busArn('default'),
    queueArn('q'),
    'ENABLED',
    'API_KEY',
    '{}',
    '{"a":["b"]}',
    '{"a":"b"}',
    '$.detail',
    '<a>',
    '{"x":<a>}',
    'https://example.com',
    'POST',
    'arn:aws:events:eu-west-1:123456789012:archive/a',
    'arn:aws:events:eu-west-1:123456789012:rule/r',
  ),
);
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const member = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string());
const request = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(member, tie('value'), { maxKeys: 8 }),
})).object as fc.Arbitrary<JsonObject>;

test('any request is answered, or refused with an error of AWS', async () => {
  const bench = newBench();
  await bench.rule('r', { version: ['0'] }, { Arn: queueArn('q') });
  await bench.call('CreateArchive', { ArchiveName: 'a', EventSourceArn: busArn('default') });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...actions.keys()), request, async (action, input) => {
      try {
        JSON.stringify(await bench.call(action, input));
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
        expect((error as AwsError).statusCode).toBe(400);
      }
    }),
    { numRuns: 1500 },
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  await bench.eventBridge.close();
});

test('any detail that is a JSON object is delivered with the same value', async () => {
  const bench = newBench();
  await bench.rule('r', { version: ['0'] }, { Arn: queueArn('q') });
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      async (detail) => {
        await bench.put(detail);
        const bodies = bench.targets.bodies('q');
        sent += 1;
        expect(bodies).toHaveLength(sent);
        expect(JSON.parse(bodies.at(-1) ?? '').detail).toEqual(JSON.parse(JSON.stringify(detail)));
      },
    ),
    { numRuns: 100 },
  );
});
