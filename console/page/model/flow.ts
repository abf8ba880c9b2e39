import type { FlowFigures } from '../../server/journal/flow-figures.ts';
import type { Route } from '../../server/pipeline/overview.ts';
import type { OverviewAnswer } from '../../server/routes/overview.ts';
import type { QueueFigures } from '../../server/source/console-source.ts';

/** How a station is. */
export type Health = 'well' | 'waiting' | 'stuck';

/** A message that a function has not taken for this long is stuck. */
const stuckAfterMs = 60_000;

/** Rules that people made by hand may send to many targets: one row for each. */
export interface RouteRow {
  readonly route: Route;
  /** What the row is called, in the page and in the picture. */
  readonly id: string;
}

/** The rows of the flow: one for each rule and target. */
export function rowsOf({ lanes }: OverviewAnswer): readonly RouteRow[] {
  return lanes.map((route) => ({ route, id: `${route.rule}\n${route.target?.name ?? ''}` }));
}

/** How a queue of a consumer is; a queue for a service of the user's may hold what it likes. */
export function queueHealth(
  figures: QueueFigures | undefined,
  isRead: boolean,
  now: number,
): Health {
  if (!figures || figures.visible + figures.inFlight + figures.delayed === 0) {
    return 'well';
  }
  if (!isRead) {
    return 'waiting';
  }
  const isOld = figures.oldestAt !== undefined && now - figures.oldestAt > stuckAfterMs;
  return isOld ? 'stuck' : 'waiting';
}

/** Health of a failure queue: each message in it needs a person. */
export const endHealth = (figures: QueueFigures | undefined): Health =>
  held(figures) > 0 ? 'stuck' : 'well';

/** Messages in a queue, whatever they are doing. */
export const held = (figures: QueueFigures | undefined): number =>
  figures ? figures.visible + figures.inFlight + figures.delayed : 0;

/** What has happened between two looks, by name. */
export function difference(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] {
  return Object.entries(after).flatMap(([name, count]) => {
    const more = count - (Object.hasOwn(before, name) ? (before[name] ?? 0) : 0);
    return more > 0 ? [[name, more] as const] : [];
  });
}

/** Requests that were answered with no: not authentic, too large, unavailable … */
export function refusalsOf({ answers }: FlowFigures): number {
  return Object.entries(answers).reduce(
    (sum, [status, count]) => (Number(status) >= 400 ? sum + count : sum),
    0,
  );
}

/** Dots in motion at once; more are a smear. */
export const maxDots = 240;

/** Dots on one edge for one piece of news. */
const maxPerLeg = 10;

/** One edge of the picture, by the ids of its nodes, and the number of events on it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly isBad: boolean;
}

/** Ids of the stations in the picture. */
export const nodeId = {
  session: (name: string) => `session ${name}`,
  ingest: 'ingest',
  bus: 'bus',
  rule: (rule: string, target: string) => `rule ${rule} ${target}`,
  queue: (rule: string, target: string) => `queue ${rule} ${target}`,
  consumer: (rule: string, target: string) => `consumer ${rule} ${target}`,
};

/** Which legs events went along between two looks. */
export function legsOf(
  before: FlowFigures,
  after: FlowFigures,
  lanes: readonly { readonly rule: string; readonly target?: { readonly name: string } }[],
): readonly Edge[] {
  const legs: Edge[] = [];
  const add = (from: string, to: string, count: number, isBad = false) => {
    if (count > 0) {
      legs.push({ from, to, count: Math.min(count, maxPerLeg), isBad });
    }
  };
  for (const [session, count] of difference(before.sessions, after.sessions)) {
    add(nodeId.session(session), nodeId.ingest, count);
  }
  add(nodeId.ingest, nodeId.bus, after.published - before.published);
  const by = (figure: 'rules' | 'delivered' | 'handled' | 'failed') =>
    new Map(difference(before[figure], after[figure]));
  const [rules, delivered, handled, failed] = [
    by('rules'),
    by('delivered'),
    by('handled'),
    by('failed'),
  ];
  for (const { rule, target } of lanes) {
    const name = target?.name ?? '';
    add(nodeId.bus, nodeId.rule(rule, name), rules.get(rule) ?? 0);
    const [queue, consumer] = [nodeId.queue(rule, name), nodeId.consumer(rule, name)];
    add(nodeId.rule(rule, name), queue, delivered.get(name) ?? 0);
    add(queue, consumer, handled.get(name) ?? 0);
    add(queue, consumer, failed.get(name) ?? 0, true);
  }
  return legs;
}

/** How many events the legs stand for, against the dots that are drawn of them. */
export function sampleOf(before: FlowFigures, after: FlowFigures, legs: readonly Edge[]) {
  const all = after.published - before.published;
  const edge = legs.find(({ to }) => to === nodeId.bus);
  return { all, drawn: edge?.count ?? 0 };
}
