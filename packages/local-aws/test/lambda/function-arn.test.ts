import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFunctionArn, readFunctionReference } from '../../src/lambda/function-settings.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const prefix = fc.constantFrom(
  '',
  'function:',
  '123456789012:function:',
  'arn:aws:lambda:eu-central-1:123456789012:function:',
  'arn:aws-cn:lambda:cn-north-1:123456789012:function:',
);

test('a function is found by its name, a partial ARN or its ARN, with or without a qualifier', () => {
  fc.assert(
    fc.property(
      name,
      prefix,
      fc.constantFrom(undefined, '$LATEST', '7', 'prod'),
      (it, before, qualifier) => {
        // A name that reads like the part before it is ambiguous in AWS too.
        fc.pre(it !== 'function');
        const reference = `${before}${it}${qualifier ? `:${qualifier}` : ''}`;
        expect(readFunctionReference(reference)).toEqual({ name: it, qualifier });
      },
    ),
  );
});

test('any other text names no function, and is read quickly', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (text) => {
      const found = readFunctionReference(text);
      if (found) {
        expect(found.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      }
    }),
  );
  expect(readFunctionReference(`${'a:'.repeat(100_000)}`)).toBeUndefined();
});

test('an ARN contains region, account and name', () => {
  expect(parseFunctionArn('arn:aws:lambda:eu-central-1:123456789012:function:my-f')).toEqual({
    region: 'eu-central-1',
    account: '123456789012',
    name: 'my-f',
  });
  expect(() => parseFunctionArn('arn:aws:sqs:eu-central-1:123456789012:q')).toThrow(
    'is not the ARN',
  );
});
