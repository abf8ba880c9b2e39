import { own, ownText } from '../../events/own.ts';

/**
 * Why ingest refused a request: a text for each `cause` in the log line `refused`. The HTTP response never
 * contains it.
 */
const causes: Readonly<Record<string, string>> = {
  'no-proof':
    'it has neither a signature (x-webhook-hmac) nor a secret. In WAHA, set hmac.key of the webhook. ("fanout status" and "fanout doctor" send such a request too.)',
  'no-signature': 'it has no signature (x-webhook-hmac). In WAHA, set hmac.key of the webhook.',
  'no-secret': 'it has no secret (?secret=…, x-webhook-secret, a bearer token or /webhooks/…).',
  'malformed-signature':
    'its signature is not a hexadecimal HMAC: WAHA sends SHA-512, 128 characters.',
  'wrong-signature':
    'its signature does not match: the secret is another one, or the body was changed in transit.',
  'wrong-secret': 'its secret is not one of the active ones ("fanout secret list" names them).',
  'session-not-covered': 'its sender may not send events of this session.',
  'too-old': 'it is older than the setting replayWindowHours allows.',
};

/** Whether a line is a warning or an error, of the function or of Lambda itself. */
export const isProblem = (line: string): boolean =>
  /"level":"(WARN|ERROR|FATAL)"/.test(line) || /^ERROR /.test(shortenLogLine(line));

/**
 * A line of a function's log as a person reads it: `{"level":"INFO","message":…}` as `INFO  …`, an error's
 * stack on lines of its own, why a webhook was refused in words, and how an invocation ended that Lambda ended.
 * Any other line stays as it is.
 */
export function shortenLogLine(line: string): string {
  if (!line.startsWith('{')) {
    return line;
  }
  try {
    const { timestamp: _, level, requestId: __, message, ...rest } = JSON.parse(line);
    const ending = endingOf(rest);
    if (ending !== undefined) {
      return `ERROR  ${ending}`;
    }
    if (typeof level !== 'string' || message === undefined) {
      return line;
    }
    const { message: text, ...about } =
      typeof message === 'object' && message ? message : { message };
    const { stack, errorMessage, errorAt, ...more } = { ...about, ...rest };
    const isError = typeof stack === 'string';
    const shown = isError ? more : { ...more, ...without({ stack, errorMessage, errorAt }) };
    const fields = Object.entries(shown).map(([key, value]) => `${key}=${inOneWord(value)}`);
    const reason = explanationOf(String(text), more);
    return [
      [level, text, ...fields].join('  '),
      ...(reason === undefined ? [] : [`  ${reason}`]),
      ...(isError ? framesOf(stack).map((frame) => `  ${frame}`) : []),
    ].join('\n');
  } catch {
    return line;
  }
}

/**
 * A failure in a report of Lambda itself; undefined for any other line. Nothing else logs a timeout, a lack of
 * memory or the end of the process (Lambda Telemetry API, "Event schema reference": platform.report,
 * platform.initReport).
 */
function endingOf({ type, record }: Readonly<Record<string, unknown>>): string | undefined {
  const status = ownText(record, 'status');
  if (!/^platform\.(report|initReport)$/.test(String(type)) || !status || status === 'success') {
    return undefined;
  }
  const what = describeEnding(status, ownText(record, 'errorType'), own(record, 'metrics'));
  return type === 'platform.initReport' ? `at the start of the function: ${what}` : what;
}

function describeEnding(status: string, errorType = status, metrics: unknown): string {
  const [ms, usedMb, maxMb] = ['durationMs', 'maxMemoryUsedMB', 'memorySizeMB'].map((name) =>
    Number(own(metrics, name)),
  ) as [number, number, number];
  if (status === 'timeout') {
    return `timed out after ${Math.round(ms / 100) / 10} s`;
  }
  if (usedMb >= maxMb) {
    return `out of memory: it used ${usedMb} MB, and has ${maxMb} MB (${errorType})`;
  }
  return errorType === 'Runtime.ExitError'
    ? `the process ended before the handler did (${errorType})`
    : `failed (${errorType})`;
}

/** What a log line of ingest means, and what to do; undefined for other lines. */
function explanationOf(text: string, { cause }: { readonly cause?: unknown }): string | undefined {
  if (text === 'drift') {
    return 'The sender sends what the catalog does not know. It is kept; "fanout tail --type unrecognized" shows it. A newer version of this package may know it.';
  }
  const reason = text === 'refused' ? causes[String(cause)] : undefined;
  return reason && `The webhook was refused: ${reason}`;
}

/** A stack frame of Node.js or of Lambda's runtime, which does not help to find a fault. */
const platformFrame = /^\s+at .*(?:\bnode:|\/lambda\/runtime\/|\/var\/runtime\/)/;

const framesOf = (stack: string) =>
  stack.split(/[\r\n]+/).filter((line) => !platformFrame.test(line));

const without = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const inOneWord = (value: unknown) =>
  typeof value === 'string' && value !== '' && !/\s/.test(value) ? value : JSON.stringify(value);
