import type { Trace } from '../../server/trace/trace-event.ts';

/** What can be done with an event. */
export function EventActions({ trace: _ }: { readonly trace: Trace }) {
  return null;
}
