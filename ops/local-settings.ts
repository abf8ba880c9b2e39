/**
 * Settings of local runs: no batching delay, which saves money in AWS only, and state of all events,
 * which costs money in AWS only.
 */
export const localSettings = { stateBatchSeconds: 0, state: 'all' } as const;
