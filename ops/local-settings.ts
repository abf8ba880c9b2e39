/**
 * Settings that are others on this machine: fuller batches save money in AWS, and here would only make
 * whoever watches wait; state costs money there, and nothing here.
 */
export const localSettings = { stateBatchSeconds: 0, state: 'all' } as const;
