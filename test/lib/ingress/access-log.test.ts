import { expect, test } from '@jest/globals';
import { keptTemplate } from '../kept-template.ts';
import { httpApiVariables, restApiVariables } from './access-log-variables.ts';

type LogSettings = { readonly Format: string } | undefined;

/** The formats of all access logs in the template; the property's name differs between the API types. */
async function formatsOf(context: Record<string, unknown>): Promise<string[]> {
  const { Resources } = await keptTemplate(context);
  return Object.values(Resources).flatMap(({ Properties }) => {
    const log = (Properties?.AccessLogSettings ?? Properties?.AccessLogSetting) as LogSettings;
    return log ? [log.Format] : [];
  });
}

test.each([
  ['an HTTP API', {}, httpApiVariables],
  ['a REST API', { ingress: 'rest-api' }, restApiVariables],
])(
  'the access log of %s names only variables that AWS documents for its type',
  async (_, context, documented) => {
    const formats = await formatsOf(context);
    expect(formats).toHaveLength(1);
    const named = [...(formats[0] ?? '').matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
    expect(named).toContain('requestId');
    expect(documented).toEqual(expect.arrayContaining(named));
  },
);

test.each([
  ['an HTTP API', {}],
  ['a REST API', { ingress: 'rest-api' }],
])(
  'the access log of %s has no path, query or header, which may contain a secret',
  async (_, context) => {
    for (const format of await formatsOf(context)) {
      expect(format).not.toMatch(/path|resource|query|header|userAgent|authorizer|apiKey/i);
    }
  },
);
