import { type MetricDimension, type MetricName, metricNamespace } from '../../events/names.ts';

/** Values of one metric in one line at most (CloudWatch User Guide, "Embedded metric format"). */
const valuesPerLine = 100;

/** Dimensions of a metric. Each combination of values is billed as a metric, so there are few. */
type Dimensions = { readonly [Name in MetricDimension]?: string };

/** Other fields of a line, for queries on the log. */
type Fields = Readonly<Record<string, string | undefined | readonly (string | undefined)[]>>;

/** Counts something in a CloudWatch metric. */
export function count(
  metric: MetricName,
  value = 1,
  dimensions: Dimensions = {},
  fields: Fields = {},
  now: () => number = Date.now,
): void {
  emit({ name: metric, unit: 'Count', value }, dimensions, fields, now);
}

/** Measures how long something took, any number of times, in a CloudWatch metric with its percentiles. */
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
 * One log line in embedded metric format: no API call, no permission (CloudWatch User Guide, "Embedded
 * metric format specification"). The line goes to stdout as it is, since Lambda's JSON log format would
 * wrap what console.log is given. The stage is a dimension of all: two may be in one account.
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
 * Lambda takes a line that names no level for one of INFO and drops it where the function logs WARN or
 * ERROR only. A metric passes at each level: there the line names the function's own. Lambda reads a level
 * only beside a valid timestamp (Lambda Developer Guide, "Log-level filtering"). In lower case, as on the
 * same page, so that no query for errors finds metrics.
 */
function levelThatPasses(timestamp: number) {
  const level = process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO';
  if (!/^(WARN|ERROR|FATAL)$/.test(level)) {
    return {};
  }
  return { level: level.toLowerCase(), timestamp: new Date(timestamp).toISOString() };
}
