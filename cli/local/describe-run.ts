import type { LocalRun } from '@event-fanout/local-aws';
import { lastPartOf } from '../../ops/aws/arn.ts';
import { cut, formatTable, terminalWidth, wrap } from '../terminal/table.ts';

/** Describes a run that has started: its URLs, rules and consumers. */
export async function describeRun(run: LocalRun, consoleUrl?: string): Promise<string> {
  const lines: string[] = [];
  const width = terminalWidth();
  for (const plan of run.services.httpApis.values()) {
    const url = run.ingresses.get(plan.name) ?? '';
    const routes = new Set(plan.routes.map(({ routeKey }) => routeKey));
    for (const routeKey of routes) {
      // The same route with a slash at the end is no news.
      if (routeKey.endsWith('/') && routes.has(routeKey.slice(0, -1))) {
        continue;
      }
      const [method, path] = routeKey === '$default' ? ['ANY', '/'] : routeKey.split(' ');
      lines.push(`${String(method).padEnd(12)} ${url}${path}  (${plan.name})`);
    }
  }
  lines.push(`AWS endpoint ${run.awsEndpoint}  (region ${run.region}, any credentials)`);
  if (consoleUrl !== undefined) {
    lines.push(`Console      ${consoleUrl}`);
  }
  for (const { name, outputs, ignored } of run.stacks) {
    const remaining = [...ignored.keys()].map((type) => type.replace('AWS::', '')).join(', ');
    lines.push('', `Stack ${name}`);
    for (const [key, value] of Object.entries(outputs)) {
      lines.push(cut(`  ${key}: ${value}`, width));
    }
    if (remaining) {
      lines.push(wrap(`  without effect here: ${remaining}`, 4, width));
    }
  }
  const rows = (await listConsumers(run)).map(({ rule, target, consumer }) => [
    rule,
    target,
    consumer ?? '-',
  ]);
  const table = formatTable(['rule', 'target', 'function'], rows);
  const secrets = describeNewSecrets(run);
  return [
    ...lines,
    '',
    table,
    ...(secrets === undefined ? [] : ['', secrets]),
    '',
    'Ready. Ctrl-C stops it.',
  ].join('\n');
}

/**
 * The senders' secrets, if this start has generated them: they are shown only once. Undefined if there are no
 * new ones.
 */
function describeNewSecrets({ services, stacks }: LocalRun): string | undefined {
  const { secretsManager } = services;
  const lines = stacks.flatMap(({ outputs }) =>
    Object.entries(outputs)
      .filter(([, arn]) => secretsManager.isNew(arn))
      .map(([name, arn]) => `${name.replace(/Arn$/, '')}: ${secretsManager.valueOf(arn)}`),
  );
  return lines.length === 0
    ? undefined
    : ['New secrets, shown this once ("fanout send" finds them itself):', ...lines].join('\n');
}

/** One route of events: from a rule to a consumer. */
export interface Consumer {
  /** The rule's description, or its name. */
  readonly rule: string;
  /** Name of the queue, function, bus or API destination. */
  readonly target: string;
  /** Name of the function that reads the queue. */
  readonly consumer: string | undefined;
}

/** Maximum length of a description in a line. */
const maxDescriptionLength = 60;

/** Every rule of every bus, with the queue that it fills and the function that reads that. */
export async function listConsumers({ services }: LocalRun): Promise<Consumer[]> {
  const { eventBridge, lambda } = services;
  const mappings = new Map(
    lambda
      .listEventSourceMappings()
      .map(({ settings }) => [settings.eventSourceArn, lastPartOf(settings.functionName)]),
  );
  const consumers: Consumer[] = [];
  const { EventBuses } = await eventBridge.call('ListEventBuses', {});
  for (const { Name: EventBusName } of EventBuses as { Name: string }[]) {
    const { Rules } = await eventBridge.call('ListRules', { EventBusName });
    for (const { Name, Description = Name } of Rules as { Name: string; Description?: string }[]) {
      const key = { EventBusName, Rule: Name };
      const { Targets } = await eventBridge.call('ListTargetsByRule', key);
      for (const { Arn } of Targets as { Arn: string }[]) {
        consumers.push({
          rule: Description.slice(0, maxDescriptionLength),
          target: lastPartOf(Arn).replace(/^(event-bus|api-destination)\//, ''),
          consumer: mappings.get(Arn),
        });
      }
    }
  }
  return consumers;
}

/** What is still queued when a run stops. */
export interface Remaining {
  /** Messages by name of the queue, those in flight included. */
  readonly queues: Readonly<Record<string, number>>;
  /** Deliveries that EventBridge tries again, and asynchronous invocations. */
  readonly pending: number;
  /** The same, as text. */
  readonly text: string;
}

/** Counts the messages that are still queued, and describes whether they are kept. */
export async function describeRemaining(
  { services }: LocalRun,
  isKept: boolean,
): Promise<Remaining> {
  const { sqs, eventBridge, lambda } = services;
  const { QueueUrls = [] } = await sqs.call('ListQueues', {});
  const queues: Record<string, number> = {};
  for (const QueueUrl of QueueUrls as string[]) {
    const AttributeNames = ['All'];
    const { Attributes = {} } = await sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames });
    const counts = Attributes as Record<string, string>;
    const count = ['', 'NotVisible', 'Delayed'].reduce(
      (sum, state) => sum + Number(counts[`ApproximateNumberOfMessages${state}`] ?? 0),
      0,
    );
    if (count > 0) {
      queues[QueueUrl.split('/').at(-1) ?? QueueUrl] = count;
    }
  }
  const pending = eventBridge.pending() + lambda.pendingEvents();
  return { queues, pending, text: inWords(queues, pending, isKept) };
}

function inWords(queues: Remaining['queues'], pending: number, isKept: boolean): string {
  const waiting = Object.entries(queues).map(([name, count]) => `  ${name}: ${count}`);
  if (waiting.length === 0 && pending === 0) {
    return 'Stopped. All queues are empty.';
  }
  return [
    isKept ? 'Stopped. Kept for the next start:' : 'Stopped. Not kept (--memory):',
    ...waiting,
    ...(pending > 0 ? [`  to be delivered again: ${pending}`] : []),
  ].join('\n');
}
