import type { FlowFigures } from '../../server/journal/flow-figures.ts';
import { difference } from './stations.ts';

/** Dots in motion at once; more are a smear. */
export const mostDots = 240;

/** Dots for one leg of the way in one piece of news. */
const mostPerLeg = 10;

/** One leg of the way, by the stations' ids, and how many go along it. */
export interface Leg {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly isBad: boolean;
}

/** Ids of the stations in the picture. */
export const stationId = {
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
): readonly Leg[] {
  const legs: Leg[] = [];
  const add = (from: string, to: string, count: number, isBad = false) => {
    if (count > 0) legs.push({ from, to, count: Math.min(count, mostPerLeg), isBad });
  };
  for (const [session, count] of difference(before.sessions, after.sessions)) {
    add(stationId.session(session), stationId.ingest, count);
  }
  add(stationId.ingest, stationId.bus, after.published - before.published);
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
    add(stationId.bus, stationId.rule(rule, name), rules.get(rule) ?? 0);
    const [queue, consumer] = [stationId.queue(rule, name), stationId.consumer(rule, name)];
    add(stationId.rule(rule, name), queue, delivered.get(name) ?? 0);
    add(queue, consumer, handled.get(name) ?? 0);
    add(queue, consumer, failed.get(name) ?? 0, true);
  }
  return legs;
}

/** How many events the legs stand for, against the dots that are drawn of them. */
export function sampleOf(before: FlowFigures, after: FlowFigures, legs: readonly Leg[]) {
  const all = after.published - before.published;
  const leg = legs.find(({ to }) => to === stationId.bus);
  return { all, drawn: leg?.count ?? 0 };
}
