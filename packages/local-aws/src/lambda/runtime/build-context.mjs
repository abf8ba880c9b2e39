/**
 * The context object that a handler gets as its second argument
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html).
 */
export function buildContext({
  requestId,
  functionArn,
  deadline,
  clientContext,
  identity,
  traceId,
}) {
  return {
    clientContext: parseHeader(clientContext),
    identity: parseHeader(identity),
    invokedFunctionArn: functionArn,
    awsRequestId: requestId,
    tenantId: undefined,
    xRayTraceId: traceId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

function parseHeader(text) {
  return text ? JSON.parse(text) : undefined;
}
