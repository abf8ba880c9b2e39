import { startCommand } from '../command-name.ts';

/** What the AWS SDK throws, as far as it is looked at. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const unreachable: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']);

/** Returns an error that explains a failed call to AWS and what to do. Other errors are returned unchanged. */
export function explainError(error: unknown): Error {
  const { name = '', message = '', code = '' } = error as SdkError;
  const explained = (text: string) => new Error(text, { cause: error });
  // As Node.js says it, also within the SDK's own words. Another error may quote the code alone.
  const [isRefused, address = 'that endpoint'] =
    /connect ECONNREFUSED ?(\S*:\d+)?/.exec(message) ?? [];
  if (isRefused || code === 'ECONNREFUSED') {
    return explained(
      `No local run listens at ${address}. Start it with "${startCommand()}", or name a stack in your AWS account with --stack.`,
    );
  }
  if (unreachable.has(code)) {
    return explained(
      `AWS cannot be reached (${code}). Check --endpoint, --region and the network.`,
    );
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return explained(
      `There are no usable AWS credentials. Sign in (for example with "aws sso login"), or name a profile with --profile.`,
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

/** Whether AWS reports that a resource does not exist. */
export function isMissing(error: unknown): boolean {
  return /NonExistentQueue|QueueDoesNotExist|ResourceNotFound/.test(
    `${(error as SdkError).name} ${(error as SdkError).code}`,
  );
}
