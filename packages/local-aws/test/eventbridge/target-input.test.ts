import { expect, test } from '@jest/globals';
import { newBench, queueArn } from './fixture.ts';

test('when the input is not valid JSON, the event goes to the dead-letter queue', async () => {
  const bench = newBench();
  await bench.rule(
    'r',
    { version: ['0'] },
    {
      Arn: queueArn('q'),
      InputTransformer: { InputPathsMap: { x: '$.detail.x' }, InputTemplate: '{"x":<x>}' },
      DeadLetterConfig: { Arn: queueArn('dead') },
    },
  );
  await bench.put({ x: 1 });
  await bench.put({ y: 1 });
  expect(bench.targets.bodies('q')).toEqual(['{"x":1}']);
  expect(bench.targets.messages('dead')).toMatchObject([
    { body: expect.stringContaining('"y":1'), attributes: { ERROR_CODE: 'INVALID_JSON' } },
  ]);
});
