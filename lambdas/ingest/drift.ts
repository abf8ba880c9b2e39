import type { Drift } from '../../events/drift.ts';
import { ingestMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/**
 * Number of names that one function instance counts separately. Each name is a metric of its own that costs
 * money, and the sender chooses the names, so all further names are counted together.
 */
const maxNames = 50;

/**
 * A name that may be logged. A longer text is not a name of an event type or field, and one with six digits
 * may contain a phone number.
 */
const plausibleName = /^(?!.*\d{6})[\w.$[\]* -]{1,200}$/;

const countedNames = new Set<string>();

/**
 * Counts and logs unknown event types and fields, so that a new version of a sender is noticed on the day of
 * its release. It logs names and JSON types, never values.
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
