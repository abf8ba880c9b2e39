import { fromXrayHeader, toXrayHeader } from '../../events/traceparent.ts';

/** Whether the stage collects traces (the setting `tracing`). */
const isTracing = (): boolean => (process.env.TRACING ?? 'off') !== 'off';

/**
 * The `traceparent` of the trace that X-Ray has started for this invocation. Undefined if the stage collects
 * no traces.
 */
export const invocationTrace = (): string | undefined =>
  // Lambda sets it for each invocation (Lambda Developer Guide, "Defined runtime environment variables").
  isTracing() ? fromXrayHeader(process.env._X_AMZN_TRACE_ID) : undefined;

/**
 * The field of a PutEvents entry that carries a trace through EventBridge and SQS. Empty if the stage
 * collects no traces, since a sampled trace costs money.
 */
export function traceHeader(traceparent: string | undefined): { readonly TraceHeader?: string } {
  const TraceHeader = isTracing() ? toXrayHeader(traceparent) : undefined;
  return TraceHeader === undefined ? {} : { TraceHeader };
}
