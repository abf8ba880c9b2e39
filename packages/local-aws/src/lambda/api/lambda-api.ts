import { AwsError } from '../../aws-service.ts';
import type { EventSourceMappings } from '../event-source-mapping/event-source-mappings.ts';
import type { FunctionRunner } from '../invoke/function-runner.ts';
import { TooManyRequests } from '../lambda-errors.ts';
import { findOperation } from './lambda-operations.ts';
import type { LambdaRequest, LambdaResponse } from './operation.ts';

/**
 * Answers requests to the REST API of Lambda, which `aws lambda` and the SDKs speak
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html). Undefined for a request that
 * is not for it, or for an operation that is not here.
 */
export async function answerLambdaRequest(
  request: LambdaRequest,
  runner: FunctionRunner,
  mappings: EventSourceMappings,
): Promise<LambdaResponse | undefined> {
  try {
    const operation = findOperation(request);
    return await operation?.run({ request, runner, mappings, id: operation.id });
  } catch (error) {
    if (error instanceof AwsError) return answerError(error);
    throw error;
  }
}

/** The members of Lambda's errors: most call their text `message`, one `Message`. */
function answerError(error: AwsError): LambdaResponse {
  const text = error.code === 'ResourceNotFoundException' ? 'Message' : 'message';
  const reason = error instanceof TooManyRequests ? { Reason: error.reason } : {};
  return {
    status: error.statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ Type: 'User', ...reason, [text]: error.message }),
  };
}
