/**
 * What consumers in other repositories need, and the package's `./events`: types, `parse` for what
 * comes in, `pattern` for the rule that brings it. Nothing here pulls in the catalog or a validator.
 */
export type { Category, CategoryOf, EventType, EventTypeIn } from './catalog.ts';
export type { DerivedType } from './derived.ts';
export type {
  BusType,
  DataOf,
  Envelope,
  EventIn,
  EventOf,
  Meta,
  Sender,
  Unrecognized,
  WhatsAppEvent,
} from './envelope.ts';
export { NotAWhatsAppEventError, parse, parseRecord } from './parse.ts';
export { type EventPattern, pattern } from './pattern.ts';
