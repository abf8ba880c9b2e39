/**
 * AWS's list prices in us-east-1 in dollars, without free tier, as of 2026-11-22 (the services' pricing
 * pages). For the estimate on the dashboard: other regions differ by some percent.
 */
export const listPrices = {
  /** A request of an HTTP API, up to 512 KB. */
  httpRequest: 1.0e-6,
  /** An invocation. */
  lambdaRequest: 0.2e-6,
  /** A second with one GB of memory, on arm64. */
  lambdaGbSecond: 0.0000133334,
  /** An event put on a custom bus, up to 64 KB. */
  event: 1.0e-6,
  /** A request to a standard queue, up to 64 KB. */
  sqsRequest: 0.4e-6,
  /** A write and a read unit of a table that is paid by use. */
  tableWrite: 0.625e-6,
  tableRead: 0.125e-6,
  /** A byte of logs. */
  logByte: 0.5e-9,
  /** A month of one metric that an alarm looks at, of a secret, of a dashboard with many metrics. */
  alarmMonth: 0.1,
  secretMonth: 0.4,
  dashboardMonth: 3,
} as const;
