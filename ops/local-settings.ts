/**
 * Settings of local runs: no batching delay, which saves money in AWS only; state of all events, which costs
 * money in AWS only; and no collection of traces, which needs X-Ray. The trace context travels all the same.
 */
export const localSettings = {
  stateBatchSeconds: 0,
  state: 'all',
  tracing: 'off',
  otelLayerArn: 'none',
} as const;
