import { type MetricDimension, type MetricName, metricNamespace } from '../../events/names.ts';

/** Maximum number of values of one metric in one line (CloudWatch User Guide, "Embedded metric format"). */
const valuesPerLine = 100;

/** Dimensions of a metric. Each combination of values is billed as one metric, so there are few. */
type Dimensions = { readonly [Name in MetricDimension]?: string };

/** Other fields of a line, for log queries. */
type Fields = Readonly<Record<string, string | undefined | readonly (string | undefined)[]>>;

/** Adds a count to a CloudWatch metric. */
export function count(
  metric: MetricName,
  value = 1,
  dimensions: Dimensions = {},
  fields: Fields = {},
  now: () => number = Date.now,
): void {
  emit({ name: metric, unit: 'Count', value }, dimensions, fields, now);
}

/** Adds durations to a CloudWatch metric, so that it has percentiles. */
export function measure(
  metric: MetricName,
  milliseconds: readonly number[],
  dimensions: Dimensions = {},
  fields: Fields = {},
  now: () => number = Date.now,
): void {
  for (let from = 0; from < milliseconds.length; from += valuesPerLine) {
    const value = milliseconds.slice(from, from + valuesPerLine);
    emit({ name: metric, unit: 'Milliseconds', value }, dimensions, from === 0 ? fields : {}, now);
  }
}

/**
 * Writes one log line in embedded metric format, which needs no API call and no permission (CloudWatch User
 * Guide, "Embedded metric format specification"). The line is written to stdout directly, since Lambda's JSON
 * log format would wrap the argument of console.log. The stage is a dimension of all metrics, because an
 * account may have several stages.
 */
function emit(
  metric: { readonly name: string; readonly unit: string; readonly value: number | number[] },
  given: Dimensions,
  fields: Fields,
  now: () => number,
): void {
  const stage = process.env.STAGE;
  const dimensions = stage ? { Stage: stage, ...given } : given;
  const timestamp = now();
  const line = {
    ...levelThatPasses(timestamp),
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: metric.name, Unit: metric.unit }],
        },
      ],
    },
    ...dimensions,
    ...fields,
    [metric.name]: metric.value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * The level of a metric's line, so that Lambda does not drop it. Lambda treats a line without a level as
 * INFO, and drops it if the function logs only WARN or ERROR; then the line has the function's own level.
 * Lambda reads a level only together with a valid timestamp (Lambda Developer Guide, "Log-level filtering").
 * It is in lower case, as on the same page, so that queries for errors do not find metrics.
 */
function levelThatPasses(timestamp: number) {
  const level = process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO';
  if (!/^(WARN|ERROR|FATAL)$/.test(level)) {
    return {};
  }
  return { level: level.toLowerCase(), timestamp: new Date(timestamp).toISOString() };
}
