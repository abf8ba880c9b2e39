import { AwsError, type JsonObject } from '../aws-service.ts';

/** The error for a request that DynamoDB refuses. */
export const invalid = (message: string) => new AwsError('ValidationException', message);

/** `One or more parameter values were invalid: …`, DynamoDB's message for most invalid values. */
export const invalidValue = (what: string) =>
  invalid(`One or more parameter values were invalid: ${what}`);

/** The error for a body whose values have another JSON type than the API's. */
export const unreadable = (what: string) => new AwsError('SerializationException', what);

/** The error for a table (or index) that does not exist. */
export const notFound = (message = 'Requested resource not found') =>
  new AwsError('ResourceNotFoundException', message);

/**
 * A condition was not met. `Item` is set when the request has
 * `ReturnValuesOnConditionCheckFailure`.
 */
export class ConditionalCheckFailed extends AwsError {
  override readonly fields: JsonObject;

  constructor(Item?: JsonObject) {
    super('ConditionalCheckFailedException', 'The conditional request failed');
    this.fields = Item ? { Item } : {};
  }
}

/** A transaction was cancelled; one reason for each of its actions. */
export class TransactionCanceled extends AwsError {
  override readonly fields: JsonObject;

  constructor(reasons: readonly { readonly Code: string }[]) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    super(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    );
    this.fields = { CancellationReasons: reasons };
  }
}
