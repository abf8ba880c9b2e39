/** CloudWatch namespace of every metric that the functions emit. */
const namespace = 'WhatsAppEventFanout';

/**
 * Counts something in a CloudWatch metric by one log line in embedded metric format: no API call,
 * no permission (CloudWatch User Guide, "Embedded metric format specification"). The line goes to
 * stdout as it is, since Lambda's JSON log format would wrap what console.log is given.
 *
 * @param dimensions few values only: each combination is a metric that costs money
 */
export function count(
  metric: string,
  value = 1,
  dimensions: Readonly<Record<string, string>> = {},
  now: () => number = Date.now,
): void {
  const line = {
    _aws: {
      Timestamp: now(),
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: metric, Unit: 'Count' }],
        },
      ],
    },
    ...dimensions,
    [metric]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
