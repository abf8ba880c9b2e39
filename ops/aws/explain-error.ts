import { startCommand } from '../command-name.ts';

/** The fields of an AWS SDK error that are read here. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b/;

/**
 * Converts the error of an AWS call to one that explains it and says what to do. Returns other errors
 * unchanged.
 */
export function explainError(error: unknown): Error {
  const { name = '', message = '', code = '' } = error as SdkError;
  const explained = (text: string) => new Error(text, { cause: error });
  // Node.js's message, which the SDK may wrap. The message of another error may contain only the code.
  const [isRefused, address = 'that endpoint'] =
    /connect ECONNREFUSED ?(\S*:\d+)?/.exec(message) ?? [];
  if (isRefused || code === 'ECONNREFUSED') {
    return explained(
      `No local run listens at ${address}. Start it with "${startCommand()}", or name a stack in your AWS account with --stack.`,
    );
  }
  // The SDK may wrap Node.js's error, whose code is then only in the message.
  const [, reason] = unreachable.exec(code) ?? unreachable.exec(message) ?? [];
  if (reason !== undefined) {
    return explained(
      `AWS cannot be reached (${reason}). Check --endpoint, --region and the network.`,
    );
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return explained(
      `There are no usable AWS credentials. Sign in (for example with "aws sso login"), or name a profile with --profile ("aws configure list-profiles" lists yours).`,
    );
  }
  if (/^Region (is missing|not accepted)/.test(message)) {
    return explained('No AWS region is set. Give one with --region, or set AWS_REGION.');
  }
  if (/^(ExpiredToken|RequestExpired)/.test(name)) {
    return explained('The AWS credentials have expired. Sign in again.');
  }
  if (/^AccessDenied|^UnauthorizedOperation|^AuthorizationError/.test(name)) {
    return explained(`AWS does not allow it: ${message}`);
  }
  return error instanceof Error ? error : explained(String(error));
}

/** The error code of AWS, for counting; never its message, which may contain content. */
export function errorCode(error: unknown): string {
  const { name, code } = error as SdkError;
  return code ?? name ?? 'Error';
}

/** Whether AWS reports that something does not exist (any more). */
export function isMissing(error: unknown): boolean {
  return /NonExistentQueue|QueueDoesNotExist|ResourceNotFound/.test(
    `${(error as SdkError).name} ${(error as SdkError).code}`,
  );
}
