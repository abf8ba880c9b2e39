import { deferredBundling } from '../events/names.ts';

/**
 * Settings of local runs: no batching delay, which saves money in AWS only; state of all events, which costs
 * money in AWS only; full errors of handlers, because their developer reads them; and no collection of
 * traces, which needs X-Ray. The trace context is still propagated.
 */
export const localSettings = {
  stateBatchSeconds: 0,
  state: 'all',
  tracing: 'off',
  otelLayerArn: 'none',
  handlerErrors: 'full',
} as const;

/**
 * CDK context for local runs, besides the settings: handlers are bundled after the synthesis, all together.
 */
export const localContext = { [deferredBundling.context]: true } as const;
