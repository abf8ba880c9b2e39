/** `00-<trace id>-<span id>-<flags>`. Later versions may have more fields. */
const shape =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]{1,200})?$/;

/** A trace, and the parent span. */
interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether the spans of the trace are recorded. */
  readonly isSampled: boolean;
}

/**
 * Parses a `traceparent` (W3C Trace Context, Level 1, section 3.2). Undefined for a value of another form,
 * which must be treated as absent.
 */
function readTraceparent(traceparent: string | undefined): TraceContext | undefined {
  const [, version, traceId, spanId, flags, rest] = shape.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || (version === '00' && rest !== undefined)) {
    return undefined;
  }
  return { traceId, spanId, isSampled: (Number.parseInt(flags ?? '', 16) & 1) === 1 };
}

/** The trace id in a `traceparent`. Undefined for a value of another form. */
export const traceIdOf = (traceparent: string | undefined): string | undefined =>
  readTraceparent(traceparent)?.traceId;

/**
 * Maximum characters of X-Ray's tracing header: EventBridge accepts 500 (API reference,
 * PutEventsRequestEntry).
 */
const maxHeaderLength = 500;

/**
 * Converts a `traceparent` to X-Ray's tracing header, whose trace id is in three parts (X-Ray Developer
 * Guide, "Tracing header"). Undefined for a value of another form.
 */
export function toXrayHeader(traceparent: string | undefined): string | undefined {
  const context = readTraceparent(traceparent);
  if (!context) {
    return undefined;
  }
  const { traceId, spanId, isSampled } = context;
  const root = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  return `Root=${root};Parent=${spanId};Sampled=${Number(isSampled)}`;
}

/**
 * Converts X-Ray's tracing header to a `traceparent`. Without a parent, the end of the trace id is used as
 * span id. Undefined for a value of another form.
 */
export function fromXrayHeader(header: string | undefined): string | undefined {
  if (header === undefined || header.length > maxHeaderLength) {
    return undefined;
  }
  const parts = new Map(
    header.split(';').map((part) => part.trim().split('=', 2) as [string, string]),
  );
  const [, time, random] = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/.exec(parts.get('Root') ?? '') ?? [];
  if (!time || !random) {
    return undefined;
  }
  const span = parts.get('Parent') ?? random.slice(-16);
  const traceparent = `00-${time}${random}-${span}-0${parts.get('Sampled') === '1' ? 1 : 0}`;
  return readTraceparent(traceparent) && traceparent;
}
