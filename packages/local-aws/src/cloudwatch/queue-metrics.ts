import { AwsError, type AwsService, type JsonObject, unknownOperation } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { PeekedMessage } from '../sqs/sqs.ts';

/** Returns the oldest messages of a queue. Throws for a queue that does not exist. */
type Peek = (queueArn: string, limit: number) => readonly Pick<PeekedMessage, 'sentAt'>[];

/** The account and region of the queues. */
interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** API reference, GetMetricData: "up to 500 MetricDataQuery structures". */
const maxQueries = 500;

/**
 * The one queue metric that CloudWatch has and SQS's own API does not return: the age of the oldest
 * message. It is read with `GetMetricData` as in AWS; the response has the current value only, not one for
 * each minute. All other metrics have no data here.
 */
export class QueueMetrics implements AwsService {
  readonly #peek: Peek;
  readonly #place: Place;
  readonly #clock: Clock;

  constructor(peek: Peek, place: Place, clock: Clock) {
    this.#peek = peek;
    this.#place = place;
    this.#clock = clock;
  }

  async call(action: string, input: JsonObject): Promise<JsonObject> {
    if (action !== 'GetMetricData') {
      throw unknownOperation('CloudWatch', action);
    }
    const queries = input.MetricDataQueries;
    if (!Array.isArray(queries) || queries.length > maxQueries) {
      throw new AwsError('ValidationError', `MetricDataQueries: at most ${maxQueries} queries.`);
    }
    return { MetricDataResults: queries.map((query) => this.#answer(query)), Messages: [] };
  }

  #answer(query: unknown): JsonObject {
    const { Id, MetricStat } = query as { Id?: unknown; MetricStat?: { Metric?: Metric } };
    const age = this.#ageOfOldest(MetricStat?.Metric ?? {});
    const now = this.#clock.now();
    return {
      Id,
      Label: MetricStat?.Metric?.MetricName ?? '',
      StatusCode: 'Complete',
      Timestamps: age === undefined ? [] : [Math.floor(now / 1_000)],
      Values: age === undefined ? [] : [age],
    };
  }

  /** In seconds; 0 for an empty queue, as SQS reports it; undefined for any other metric. */
  #ageOfOldest({ Namespace, MetricName, Dimensions = [] }: Metric): number | undefined {
    const name = Dimensions.find((each) => each?.Name === 'QueueName')?.Value;
    if (Namespace !== 'AWS/SQS' || MetricName !== 'ApproximateAgeOfOldestMessage') {
      return undefined;
    }
    const { region, accountId } = this.#place;
    try {
      const [oldest] = this.#peek(`arn:aws:sqs:${region}:${accountId}:${name}`, 1);
      return oldest ? Math.max(0, Math.floor((this.#clock.now() - oldest.sentAt) / 1_000)) : 0;
    } catch {
      return undefined;
    }
  }
}

interface Metric {
  readonly Namespace?: unknown;
  readonly MetricName?: unknown;
  readonly Dimensions?: readonly ({ readonly Name?: unknown; readonly Value?: unknown } | null)[];
}
