import { invalidParameter, invalidPayload } from '../lambda-errors.ts';
import type { InvokeOptions } from '../lambda-options.ts';
import type { LambdaRequest, Operation } from './operation.ts';

const types = new Set<unknown>(['RequestResponse', 'Event', 'DryRun']);

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const invoke: Operation = async ({ id, request, runner }) => {
  const options = readOptions(request);
  requireJson(request.body.toString());
  const result = await runner.invoke(id, request.body, options);
  return {
    status: result.statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': result.executedVersion,
      ...(result.functionError && { 'x-amz-function-error': result.functionError }),
      ...(result.logTail !== undefined && { 'x-amz-log-result': result.logTail }),
    },
    body: result.payload,
  };
};

function readOptions({ headers }: LambdaRequest): InvokeOptions {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (!types.has(type)) {
    throw invalidParameter('InvocationType is not one that Lambda knows.');
  }
  const traceId = headers['x-amzn-trace-id'];
  return {
    type: type as InvokeOptions['type'],
    tail: headers['x-amz-log-type'] === 'Tail',
    traceId: typeof traceId === 'string' ? traceId : undefined,
    clientContext: readClientContext(headers['x-amz-client-context']),
  };
}

/** Base64 of JSON. It is sent in a header again, so it is converted to one line of ASCII. */
function readClientContext(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== 'string') {
    return undefined;
  }
  try {
    const value = JSON.parse(Buffer.from(header, 'base64').toString());
    return JSON.stringify(value).replace(
      /[^\x20-\x7e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  } catch {
    throw invalidPayload('the client context is not the Base64 of JSON');
  }
}

function requireJson(text: string): void {
  if (text === '') {
    return;
  }
  try {
    JSON.parse(text);
  } catch {
    throw invalidPayload('the payload is not JSON');
  }
}
