/**
 * Settings of local runs: no batching delay, which saves money in AWS only; state of all events, which
 * costs money in AWS only; and the full errors of handlers, whose reader is their developer.
 */
export const localSettings = {
  stateBatchSeconds: 0,
  state: 'all',
  handlerErrors: 'full',
} as const;
