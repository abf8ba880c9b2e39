import { expect, test } from '@jest/globals';
import { keptTemplate } from '../kept-template.ts';

/**
 * What an HTTP API's access log may name. API Gateway refuses a stage whose format names anything else.
 *
 * Source: API Gateway Developer Guide, "Customize HTTP API access logs".
 */
const httpApiVariables = `
  accountId apiId authorizer.error authorizer.principalId awsEndpointRequestId awsEndpointRequestId2
  customDomain.basePathMatched dataProcessed domainName domainPrefix error.message error.messageString
  error.responseType extendedRequestId httpMethod identity.accountId identity.caller
  identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId
  identity.cognitoIdentityPoolId identity.principalOrgId identity.clientCert.clientCertPem
  identity.clientCert.subjectDN identity.clientCert.issuerDN identity.clientCert.serialNumber
  identity.clientCert.validity.notBefore identity.clientCert.validity.notAfter identity.sourceIp
  identity.user identity.userAgent identity.userArn integration.error integration.integrationStatus
  integration.latency integration.requestId integration.status integrationErrorMessage
  integrationLatency integrationStatus path protocol requestId requestTime requestTimeEpoch
  responseLatency responseLength routeKey stage status`;

/**
 * What a REST API's access log may name.
 *
 * Source: API Gateway Developer Guide, "Variables for access logging for API Gateway".
 */
const restApiVariables = `
  accountId apiId authenticate.error authenticate.latency authenticate.status authorize.error
  authorize.latency authorize.status authorizer.error authorizer.integrationLatency
  authorizer.integrationStatus authorizer.latency authorizer.principalId authorizer.requestId
  authorizer.status awsEndpointRequestId customDomain.basePathMatched domainName domainPrefix
  error.message error.messageString error.responseType error.validationErrorString extendedRequestId
  httpMethod identity.accountId identity.apiKey identity.apiKeyId identity.caller
  identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId
  identity.cognitoIdentityPoolId identity.clientCert.clientCertPem identity.clientCert.subjectDN
  identity.clientCert.issuerDN identity.clientCert.serialNumber identity.clientCert.validity.notBefore
  identity.clientCert.validity.notAfter identity.principalOrgId identity.sourceIp identity.user
  identity.userAgent identity.userArn integration.error integration.integrationStatus
  integration.latency integration.requestId integration.status integrationErrorMessage
  integrationLatency integrationStatus path protocol requestId requestTime requestTimeEpoch resourceId
  resourcePath responseLatency responseLength stage status waf.error waf.latency waf.status
  wafResponseCode webaclArn xrayTraceId`;

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
  ['a REST API', { frontDoor: 'rest-api' }, restApiVariables],
])(
  'the access log of %s names only variables that AWS documents for its type',
  async (_, context, documented) => {
    const formats = await formatsOf(context);
    expect(formats).toHaveLength(1);
    const named = [...(formats[0] ?? '').matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
    expect(named).toContain('requestId');
    expect(documented.trim().split(/\s+/)).toEqual(expect.arrayContaining(named));
  },
);

test.each([
  ['an HTTP API', {}],
  ['a REST API', { frontDoor: 'rest-api' }],
])(
  'the access log of %s names neither path nor query nor header, where a secret may stand',
  async (_, context) => {
    for (const format of await formatsOf(context)) {
      expect(format).not.toMatch(/path|resource|query|header|userAgent|authorizer|apiKey/i);
    }
  },
);
