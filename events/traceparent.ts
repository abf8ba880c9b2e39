/** `00-<trace id>-<span id>-<flags>`; versions to come may have more behind it. */
const shape =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{1,200})?$/;

/**
 * The id of the trace that a `traceparent` names (W3C Trace Context, Level 1, section 3.2). Undefined
 * for what is none: then it is to be treated as if it had not come.
 */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const [, version, traceId, rest] = shape.exec(traceparent ?? '') ?? [];
  return version === '00' && rest !== undefined ? undefined : traceId;
}
