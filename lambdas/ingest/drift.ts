import type { Drift } from '../../events/drift.ts';
import { ingestMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/**
 * Names that one function instance counts each by itself. A metric with a name as dimension costs
 * money for each name, and names are the sender's: what comes after these is counted together.
 */
const maxNames = 50;

/** Longer names are no names of events or fields, and neither is one with a phone number in it. */
const plausibleName = /^(?!.*\d{6})[\w.$[\]* -]{1,200}$/;

const countedNames = new Set<string>();

/**
 * Counts by name, and logs in one line, what the catalog does not know yet, so that a sender's new
 * version is seen the day it comes. Names and JSON types only; a value never.
 */
export function reportDrift({ unknownEvents, unknownFields }: Drift): void {
  if (unknownEvents.length === 0 && unknownFields.length === 0) {
    return;
  }
  for (const event of unknownEvents) {
    count(ingestMetrics.unknownEvents, 1, { Event: nameToCount(event) });
  }
  for (const { event, path } of unknownFields) {
    count(ingestMetrics.unknownFields, 1, { Field: nameToCount(`${event} ${path}`) });
  }
  log.warn('drift', {
    events: unknownEvents.map(plausible),
    fields: unknownFields.map(
      ({ event, path, type }) => `${plausible(event)} ${plausible(path)} (${type})`,
    ),
  });
}

const plausible = (name: string) => (plausibleName.test(name) ? name : 'other');

function nameToCount(name: string): string {
  if (!plausibleName.test(name)) {
    return 'other';
  }
  if (countedNames.size < maxNames) {
    countedNames.add(name);
  }
  return countedNames.has(name) ? name : 'other';
}
