import { describe, expect, test } from '@jest/globals';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { createApp } from './synthesize-app.ts';

const domain = {
  domainName: 'hooks.example.com',
  certificateArn:
    'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
};

describe("CloudFormation's own rules, which fail a synth", () => {
  test.each([
    ['as it comes', {}],
    ['with a key of its own, kept', { encryption: 'customer', stage: 'prod' }],
    ['behind a REST API', { ingress: 'rest-api', allowedSources: '192.0.2.0/24' }],
    ['behind a REST API at a domain', { ingress: 'rest-api', ...domain }],
    ['behind a function URL', { ingress: 'function-url' }],
    ['at a domain with mutual TLS', { ...domain, truststoreUri: 's3://trust/store.pem' }],
    [
      'without state, archive, deduplication and alarms',
      {
        state: 'none',
        archiveDays: 0,
        deduplicate: 'none',
        alarms: 'off',
        dashboard: 'off',
      },
    ],
    ['told in Slack', { alarmSlackWorkspace: 'T012ABCDE', alarmSlackChannel: 'C0123ABCD' }],
  ])('find nothing in the stack %s', (_, context) => {
    const { app } = createApp(context, undefined, true);
    expect(() => app.synth()).not.toThrow();
  });

  test('find an error, and the synth fails', () => {
    const { app, stack } = createApp({}, undefined, true);
    new CfnQueue(stack, 'Wrong', { visibilityTimeout: 999_999 });
    expect(() => app.synth()).toThrow('999999 is greater than the maximum of 43200');
  });
});
