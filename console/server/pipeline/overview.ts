import type { FailureRole } from '../../../events/names.ts';
import { lastPartOf, readArn } from '../../../ops/aws/arn.ts';
import { type Pipeline, type Queue, redrivePolicyOf } from '../../../ops/aws/pipeline.ts';
import { consumerOf, findFailureQueues } from '../../../ops/dead-letters/failure-queue.ts';

/** One route from the bus: a rule, its target, and the target's consumer. */
export interface Route {
  readonly rule: string;
  readonly description: string | undefined;
  /** The event pattern as JSON. Undefined for a rule with a schedule. */
  readonly pattern: string | undefined;
  readonly isEnabled: boolean;
  /** Undefined for a rule without targets. */
  readonly target: RouteTarget | undefined;
  /** Name of the consumer, as users know it. */
  readonly consumer: string | undefined;
  /** Name of the function that reads the queue. Undefined if the user's own service reads it, or none is known. */
  readonly reader: string | undefined;
  /** Name of the consumer's dead-letter queue. */
  readonly deadLetters: string | undefined;
}

/** The target of a rule. */
export interface RouteTarget {
  /** The AWS service: `sqs`, `lambda`, `events` … */
  readonly service: string;
  readonly name: string;
}

/** A queue whose messages wait for the user. */
export interface EndNode {
  readonly name: string;
  readonly role: FailureRole;
  readonly consumer: string | undefined;
}

/** The pipeline as the page shows it. */
export interface Overview {
  readonly stack: string;
  readonly buses: readonly string[];
  readonly routes: readonly Route[];
  readonly ends: readonly EndNode[];
}

/** The rules and queues, in reading order. */
export function describePipeline(
  pipeline: Pipeline,
  readers: ReadonlyMap<string, string>,
): Overview {
  const byArn = new Map(pipeline.queues.map((queue) => [queue.arn, queue]));
  const ends = findFailureQueues(pipeline);
  const isEnd = new Set(ends.map(({ arn }) => arn));
  const routes = pipeline.rules.flatMap((rule): Route[] => {
    const { name, description, pattern, isEnabled } = rule;
    const known = { rule: name, description, pattern, isEnabled };
    const none = { target: undefined, consumer: undefined, reader: undefined };
    if (rule.targets.length === 0) {
      return [{ ...known, ...none, deadLetters: undefined }];
    }
    return rule.targets.map(({ Arn = '' }) => {
      const queue = byArn.get(Arn);
      return {
        ...known,
        target: describeTarget(Arn),
        consumer: queue && !isEnd.has(Arn) ? consumerOf(queue) : undefined,
        reader: readers.get(Arn),
        deadLetters: queue && deadLettersOf(queue, byArn),
      };
    });
  });
  return {
    stack: pipeline.stackName,
    buses: pipeline.buses.map(({ name }) => name),
    routes: routes.filter(isNoArchive).sort(inReadingOrder),
    ends: ends.map(({ name, role, consumer }) => ({ name, role, consumer })),
  };
}

function describeTarget(arn: string): RouteTarget {
  return { service: readArn(arn)?.service ?? '', name: lastPartOf(arn) };
}

function deadLettersOf(queue: Queue, byArn: ReadonlyMap<string, Queue>): string | undefined {
  const policy = redrivePolicyOf(queue);
  return policy && byArn.get(policy.deadLetterArn)?.name;
}

/** An archive's own rule sends to no queue, and nothing can get stuck there. */
const isNoArchive = ({ rule }: Route) => !rule.startsWith('Events-Archive-');

/** Functions first, then queues for services, then the others; each group by name. */
function inReadingOrder(a: Route, b: Route): number {
  const rank = ({ reader, consumer }: Route) => (reader ? 0 : consumer ? 1 : 2);
  const name = ({ consumer, rule }: Route) => consumer ?? rule;
  return rank(a) - rank(b) || name(a).localeCompare(name(b));
}
