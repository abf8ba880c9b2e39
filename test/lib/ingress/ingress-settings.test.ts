import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../lib/read-settings.ts';

const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333';
const domain = { domainName: 'hooks.example.com', certificateArn };

const refuse = (context: Readonly<Record<string, string>>) => readSettings((name) => context[name]);

describe('settings of the endpoint', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a domain at a function URL', { ingress: 'function-url', ...domain }, '"domainName" needs'],
    ['a domain without a certificate', { domainName: 'a.example.com' }, 'set both, or neither'],
    ['a certificate without a domain', { certificateArn }, 'belong together'],
    ['client certificates without a domain', { truststoreUri: 's3://abc/d' }, 'custom domain'],
    ['a network that is none', { allowedSources: '10.0.0.0/8,1.2.3' }, 'names "1.2.3"'],
    ['a range that is none', { allowedSources: '10.0.0.0/33' }, 'names "10.0.0.0/33"'],
    ['a bucket that is none', { truststoreUri: 'https://abc' }, 'must be none, or s3://'],
    ['a door that is none', { ingress: 'alb' }, 'one of http-api, rest-api, function-url'],
  ])('with %s are refused with advice', (_name, context, message) => {
    expect(() => refuse(context)).toThrow(message);
  });

  test('that do not contradict each other are accepted', () => {
    expect(() => refuse({})).not.toThrow();
    expect(() => refuse({ ...domain, truststoreUri: 's3://trust/ca.pem' })).not.toThrow();
    expect(() => refuse({ allowedSources: '203.0.113.9,10.0.0.0/8,2001:db8::/32' })).not.toThrow();
  });
});
