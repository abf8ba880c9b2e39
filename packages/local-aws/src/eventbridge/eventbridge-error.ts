import { AwsError } from '../aws-service.ts';

/** EventBridge's errors (API reference, "Errors" of each action); all but internal ones are 400. */

export const validationError = (message: string) => new AwsError('ValidationException', message);

/** A member of the request breaks its constraint. Values stay out of messages. */
export const constraintError = (member: string, constraint: string, value = 'Value') =>
  validationError(
    `1 validation error detected: ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export const serializationError = (member: string, wanted: string) =>
  new AwsError('SerializationException', `${member} must be ${wanted}`);

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const alreadyExists = (message: string) =>
  new AwsError('ResourceAlreadyExistsException', message);

export const limitExceeded = () =>
  new AwsError(
    'LimitExceededException',
    'The requested resource exceeds the maximum number allowed.',
  );

export const managedRule = (name: string) =>
  new AwsError('ManagedRuleException', `Rule ${name} is managed by Amazon EventBridge Archive.`);

export const invalidEventPattern = (message: string) =>
  new AwsError('InvalidEventPatternException', message);

export const illegalStatus = (message: string) => new AwsError('IllegalStatusException', message);
