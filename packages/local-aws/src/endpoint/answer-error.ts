import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../aws-service.ts';
import type { AwsResponse } from './aws-endpoint.ts';

/** An error as the AWS JSON protocols write it (Smithy, "AWS JSON 1.0 protocol"). */
export function answerError(error: unknown, headers: IncomingHttpHeaders): AwsResponse {
  const known =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', 'The local run failed. Its log says how.', 500);
  if (!(error instanceof AwsError)) console.error(error);
  const side = known.statusCode < 500 ? 'Sender' : 'Receiver';
  return {
    status: known.statusCode,
    headers: {
      'content-type': headers['content-type']?.includes('amz-json')
        ? headers['content-type']
        : 'application/json',
      'x-amzn-errortype': known.code,
      ...(known.queryCode ? { 'x-amzn-query-error': `${known.queryCode};${side}` } : {}),
    },
    body: JSON.stringify({
      __type: known.code,
      message: known.message,
      Message: known.message,
      ...known.fields,
    }),
  };
}
