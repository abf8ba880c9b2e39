import { AwsError } from '../aws-service.ts';

/**
 * The errors of the Lambda API that a caller of the local one can meet, with the names and statuses
 * of https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors.
 */
export const functionNotFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400);

export const invalidPayload = (reason: string): AwsError =>
  new AwsError(
    'InvalidRequestContentException',
    `Could not parse request body into json: ${reason}`,
  );

export const payloadTooLarge = (bytes: number, type: string, limit: number): AwsError =>
  new AwsError(
    'RequestEntityTooLargeException',
    `${bytes} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    413,
  );

export const mappingNotFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

/** A call that was refused because too many executions run already. */
export class TooManyRequests extends AwsError {
  readonly reason:
    | 'ReservedFunctionConcurrentInvocationLimitExceeded'
    | 'ConcurrentInvocationLimitExceeded';

  constructor(reason: TooManyRequests['reason']) {
    super('TooManyRequestsException', 'Rate Exceeded.', 429);
    this.reason = reason;
  }
}
