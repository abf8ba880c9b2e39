import { AwsError } from '../../aws-service.ts';
import type { EventSourceMappings } from '../event-source-mapping/event-source-mappings.ts';
import type { FunctionRunner } from '../invoke/function-runner.ts';
import { TooManyRequests } from '../lambda-errors.ts';
import {
  getFunction,
  getFunctionConfiguration,
  invoke,
  type LambdaRequest,
  type LambdaResponse,
  listFunctions,
  listMappings,
  type Operation,
} from './operations.ts';

/**
 * Answers requests to the REST API of Lambda, which `aws lambda` and the SDKs speak
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html). Returns undefined for a
 * request to another API or for an operation that is not in the list below.
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
    if (error instanceof AwsError) {
      return answerError(error);
    }
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

/**
 * Method and path, without the API version, of each operation. Functions and event source mappings
 * are created from a template only.
 */
const operations: readonly (readonly [string, RegExp, Operation])[] = [
  ['GET', /^functions\/?$/, listFunctions],
  ['GET', /^functions\/([^/]+)$/, getFunction],
  ['GET', /^functions\/([^/]+)\/configuration$/, getFunctionConfiguration],
  ['POST', /^functions\/([^/]+)\/invocations$/, invoke],
  ['GET', /^event-source-mappings\/?$/, listMappings],
];

const apiVersion = '/2015-03-31/';

/** The operation that a request names, and its resource. */
function findOperation({
  method,
  path,
}: LambdaRequest): { readonly run: Operation; readonly id: string } | undefined {
  if (!path.startsWith(apiVersion)) {
    return undefined;
  }
  for (const [operationMethod, pattern, run] of operations) {
    const match = method === operationMethod ? pattern.exec(path.slice(apiVersion.length)) : null;
    if (match) {
      return { run, id: decode(match[1] ?? '') };
    }
  }
  return undefined;
}

/** An ARN in a path is percent-encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
