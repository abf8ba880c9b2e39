import { AwsError } from '../aws-service.ts';

/**
 * SQS's errors. Names as in the JSON protocol, the older query protocol's code beside each of them,
 * since SQS returns both (header `x-amzn-query-error`). Status codes as in the API reference,
 * "Errors" of each action.
 */
const query = 'AWS.SimpleQueueService.';

export const queueDoesNotExist = () =>
  new AwsError(
    'QueueDoesNotExist',
    'The specified queue does not exist.',
    400,
    `${query}NonExistentQueue`,
  );

export const queueNameExists = (attribute: string) =>
  new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    400,
    'QueueAlreadyExists',
  );

export const queueDeletedRecently = (seconds: number) =>
  new AwsError(
    'QueueDeletedRecently',
    `You must wait ${seconds} seconds after deleting a queue before you can create another with the same name.`,
    400,
    `${query}QueueDeletedRecently`,
  );

export const purgeQueueInProgress = (name: string) =>
  new AwsError(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
    403,
    `${query}PurgeQueueInProgress`,
  );

export const invalidAddress = () =>
  new AwsError(
    'InvalidAddress',
    'The queue URL is not valid for this endpoint.',
    404,
    'InvalidAddress',
  );

/** A parameter that SQS understands but does not accept. */
export const invalidParameterValue = (message: string) =>
  new AwsError('InvalidParameterValueException', message, 400, 'InvalidParameterValue');

export const missingParameter = (name: string) =>
  new AwsError(
    'MissingRequiredParameterException',
    `The request must contain the parameter ${name}.`,
    400,
    'MissingParameter',
  );

/** JSON of the wrong shape: a list where a string belongs. */
export const serializationException = (name: string, expected: string) =>
  new AwsError('SerializationException', `${name} must be ${expected}.`);

export const invalidAttributeName = (name: string) =>
  new AwsError(
    'InvalidAttributeName',
    /^\w{1,80}$/.test(name) ? `Unknown Attribute ${name}.` : 'Unknown Attribute.',
    400,
    'InvalidAttributeName',
  );

/** Two attributes that exclude each other. */
export const conflictingAttributes = (message: string) =>
  new AwsError('InvalidAttributeName', message, 400, 'InvalidAttributeName');

export const invalidAttributeValue = (name: string, reason?: string) =>
  new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ''}`,
    400,
    'InvalidAttributeValue',
  );

export const invalidMessageContents = () =>
  new AwsError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    400,
    'InvalidMessageContents',
  );

export const receiptHandleIsInvalid = () =>
  new AwsError(
    'ReceiptHandleIsInvalid',
    'The input receipt handle is invalid.',
    404,
    'ReceiptHandleIsInvalid',
  );

/**
 * A genuine receipt handle that is no longer valid. Alone it is an invalid parameter; as the error
 * of one entry of a batch SQS calls it `ReceiptHandleIsInvalid`.
 */
export class UnusableReceiptHandle extends AwsError {
  readonly reason: string;

  constructor(handle: string, reason: string) {
    super(
      'InvalidParameterValueException',
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}.`,
      400,
      'InvalidParameterValue',
    );
    this.reason = reason;
  }
}

export const overLimit = (message: string) => new AwsError('OverLimit', message, 403, 'OverLimit');

export const unsupportedOperation = (message: string) =>
  new AwsError('UnsupportedOperation', message, 400, `${query}UnsupportedOperation`);

export const emptyBatchRequest = (entryName: string) =>
  new AwsError(
    'EmptyBatchRequest',
    `There should be at least one ${entryName} in the request.`,
    400,
    `${query}EmptyBatchRequest`,
  );

export const tooManyEntriesInBatchRequest = (limit: number, sent: number) =>
  new AwsError(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are ${limit}. You have sent ${sent}.`,
    400,
    `${query}TooManyEntriesInBatchRequest`,
  );

export const invalidBatchEntryId = () =>
  new AwsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    400,
    `${query}InvalidBatchEntryId`,
  );

export const batchEntryIdsNotDistinct = (id: string) =>
  new AwsError(
    'BatchEntryIdsNotDistinct',
    `Id ${id} repeated.`,
    400,
    `${query}BatchEntryIdsNotDistinct`,
  );

export const batchRequestTooLong = (limit: number, sent: number) =>
  new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${sent} bytes.`,
    400,
    `${query}BatchRequestTooLong`,
  );
