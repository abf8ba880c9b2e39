/**
 * The package's `./events`: the types of all events, `parse` for received events, `is` to narrow their type,
 * and `pattern` for rules that select them. Nothing here imports the catalog or a validator at run time.
 */
export type {
  Address,
  BusType,
  Category,
  CategoryOf,
  DataOf,
  DerivedType,
  EventType,
  EventTypeIn,
  MessageId,
  Unrecognized,
} from './data-of.ts';
export type { Envelope, EventIn, EventOf, Meta, Sender, WhatsAppEvent } from './envelope.ts';
export { hopsAfter, maxHops, TooManyHopsError } from './hops.ts';
export { is, NotAWhatsAppEventError, OtherAccountError, parse, parseRecord } from './parse.ts';
export { type EventPattern, pattern } from './pattern.ts';
