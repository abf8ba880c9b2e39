import { format } from 'node:util';
import { describeError } from './describe-error.mjs';

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * Makes `console.*` write as in Lambda, plain text or JSON by `AWS_LAMBDA_LOG_FORMAT`, omitting
 * lines below `AWS_LAMBDA_LOG_LEVEL`
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html). Direct writes to stdout are
 * not changed. Returns the function by which the runtime logs its own errors.
 */
export function patchConsole(requestIdNow) {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  const lowest = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));
  const line = json ? jsonLine : textLine;

  const writerOf = (level) =>
    levels.indexOf(level) < lowest
      ? () => {}
      : (message, ...rest) => {
          const text = line(new Date().toISOString(), requestIdNow(), level, message, rest);
          // A carriage return represents a line break inside one log event, as in CloudWatch Logs.
          process.stdout.write(`${text.replaceAll('\n', '\r')}\n`);
        };
  for (const level of levels) {
    console[level.toLowerCase()] = writerOf(level);
  }
  console.log = console.info;

  return (title, error) =>
    json ? console.error(error) : console.error(title, formatLoggedError(error));
}

/** An error as one JSON text behind a tab, which is how the text format logs `Invoke Error`. */
function formatLoggedError(error) {
  const { errorType, errorMessage, trace } = describeError(error);
  try {
    return `\t${JSON.stringify({ errorType, errorMessage, ...ownFields(error), stack: trace })}`;
  } catch {
    return `\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`;
  }
}

function textLine(timestamp, requestId, level, message, rest) {
  return `${timestamp}\t${requestId}\t${level}\t${format(message, ...rest)}`;
}

function jsonLine(timestamp, requestId, level, message, rest) {
  const record = { timestamp, level, requestId };
  if (rest.length === 0) {
    try {
      return JSON.stringify({ ...record, message }, describeNestedErrors);
    } catch {
      return JSON.stringify({ ...record, message: format(message) });
    }
  }
  const error = rest.find((part) => part instanceof Error);
  return JSON.stringify({
    ...record,
    message: format(message, ...rest),
    ...(error && loggedFields(error)),
  });
}

function describeNestedErrors(_key, value) {
  return value instanceof Error ? { ...loggedFields(value), ...ownFields(value) } : value;
}

function loggedFields(error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

/** The fields that the program itself put on an error: `code`, `cause`, ... */
function ownFields(error) {
  return error instanceof Error ? { ...error } : {};
}
