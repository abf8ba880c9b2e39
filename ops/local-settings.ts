import { deferredBundling } from '../events/names.ts';

/**
 * Settings of local runs: no batching delay, which saves money in AWS only; state of all events, which
 * costs money in AWS only.
 */
export const localSettings = { stateBatchSeconds: 0, state: 'all' } as const;

/**
 * CDK context with which the project is synthesized for a local run, besides the settings: handlers are
 * bundled afterwards, all together.
 */
export const localContext = { [deferredBundling.context]: true } as const;
