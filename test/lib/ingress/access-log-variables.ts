const words = (text: string) => text.trim().split(/\s+/);

/**
 * What an HTTP API's access log may name. API Gateway refuses a stage whose format names anything else.
 *
 * Source: API Gateway Developer Guide, "Customize HTTP API access logs".
 */
export const httpApiVariables: readonly string[] = words(`
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
  responseLatency responseLength routeKey stage status`);

/**
 * What a REST API's access log may name.
 *
 * Source: API Gateway Developer Guide, "Variables for access logging for API Gateway".
 */
export const restApiVariables: readonly string[] = words(`
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
  wafResponseCode webaclArn xrayTraceId`);
