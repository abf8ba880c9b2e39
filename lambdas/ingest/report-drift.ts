import type { Drift } from '../../events/drift.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/**
 * Counts and logs what the catalog does not know yet, so that a sender's new version is seen the day
 * it comes. Names and JSON types only; a value never.
 */
export function reportDrift({ unknownEvents, unknownFields }: Drift): void {
  if (unknownEvents.length > 0) count('UnknownEvents', unknownEvents.length);
  if (unknownFields.length > 0) count('UnknownFields', unknownFields.length);
  if (unknownEvents.length === 0 && unknownFields.length === 0) return;
  log.warn('drift', {
    events: unknownEvents,
    fields: unknownFields.map(({ event, path, type }) => `${event} ${path} (${type})`),
  });
}
