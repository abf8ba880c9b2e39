import { deferredBundling } from '../events/names.ts';

/**
 * Settings of local runs: no batching delay, which saves money in AWS only; state of all events, which costs
 * money in AWS only; the full errors of handlers, whose reader is their developer; and no collection of traces,
 * which needs X-Ray. The trace context travels all the same.
 */
export const localSettings = {
  stateBatchSeconds: 0,
  state: 'all',
  tracing: 'off',
  otelLayerArn: 'none',
  handlerErrors: 'full',
} as const;

/**
 * CDK context with which the project is synthesized for a local run, besides the settings: handlers are
 * bundled afterwards, all together.
 */
export const localContext = { [deferredBundling.context]: true } as const;
