import type { BusType, DataOf, EventOf } from '../../../events/envelope.ts';

/** What tests say of an event besides its data. */
export interface Occurrence {
  /** Seconds after noon at which it happened. */
  readonly at?: number;
  /** Seconds after noon at which it came in. @default - `at` */
  readonly receivedAt?: number;
  readonly id?: string;
  readonly session?: string;
  readonly engine?: string;
  readonly raw?: object;
}

const noon = Date.UTC(2026, 0, 1, 12);

/** A time as events write it. */
export const instant = (seconds: number) => new Date(noon + seconds * 1000).toISOString();

/** An event as a consumer is given it. */
export function reported<T extends BusType>(
  type: T,
  data: DataOf<T>,
  { at = 0, receivedAt = at, id = `${type}:${at}`, ...rest }: Occurrence = {},
): EventOf<T> {
  const { session = 'shop', engine = 'NOWEB', raw } = rest;
  const category = type.split('.')[0];
  const meta = {
    ...{ id, version: '1', category, type, session, sender: 'waha', engine, requestId: 'request' },
    ...{ occurredAt: instant(at), receivedAt: instant(receivedAt) },
  };
  return { type, category, meta, data, raw } as unknown as EventOf<T>;
}

/** A person whose phone number and hidden id are both known. */
export const ann = {
  kind: 'user',
  id: '12025550142@c.us',
  phone: '+12025550142',
  lid: '206158430200142@lid',
} as const;

/** The same person, of whom only the hidden id is known. */
export const annHidden = { kind: 'user', id: ann.lid, lid: ann.lid } as const;

export const bob = { kind: 'user', id: '447700900123@c.us', phone: '+447700900123' } as const;

export const choir = { kind: 'group', id: '120363020000000042@g.us' } as const;
