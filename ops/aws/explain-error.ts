import { startCommand } from '../command-name.ts';
import { printable } from '../printable.ts';

/** The fields of an AWS SDK error that are read here. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  /** Of an error of DNS. */
  readonly hostname?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What an explanation can name of the connection. */
interface UsedConnection {
  readonly endpoint?: string | undefined;
  readonly profile?: string | undefined;
}

/** An error that is explained already, and must not be explained by its own text. */
class ExplainedError extends Error {}

const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b/;

/**
 * Converts the error of an AWS call to one that explains it and says what to do. Returns other errors
 * unchanged.
 *
 * @param used the settings of the client, which the error itself does not name
 */
export function explainError(error: unknown, used: UsedConnection = {}): Error {
  if (error instanceof ExplainedError) {
    return error;
  }
  const { name = '', message = '', code = '', hostname, $metadata } = error as SdkError;
  const explained = (text: string) => new ExplainedError(text, { cause: error });
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
    const [, host = hostname] = /(?:getaddrinfo|connect) E\w+ (\S+)/.exec(message) ?? [];
    return explained(
      `AWS cannot be reached${host === undefined ? '' : ` at ${host}`} (${reason}). Check --endpoint, --region and the network.`,
    );
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    const profile = used.profile ?? process.env.AWS_PROFILE;
    return explained(
      `${profile ? `The profile "${printable(profile)}" gives` : 'There are'} no usable AWS credentials. Sign in (for example with "aws sso login"), or name a profile with --profile ("aws configure list-profiles" lists yours).`,
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
  // What the SDK makes of an answer that is not of AWS: of a proxy, or of another program.
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && /^(Unknown|UnknownError|SyntaxError)$/.test(name)) {
    return explained(
      `${used.endpoint ?? 'The endpoint of AWS'} gives an answer that is not of AWS (HTTP status ${status}). Is a proxy in between? Check --endpoint and the network.`,
    );
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
