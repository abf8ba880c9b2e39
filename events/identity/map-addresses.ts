import type * as v from 'valibot';
import { type Address, addressData } from '../address.ts';
import { catalog } from '../catalog.ts';

/**
 * The positions of addresses in the data of an event type. They are read from the schema, not from the data:
 * an object in untrusted content that looks like an address (in the JSON of a flow, in an engine's own event)
 * is not one.
 */
type Places =
  | 'address'
  | { readonly items: Places }
  | { readonly fields: readonly (readonly [name: string, places: Places])[] };

const placesByType = new Map<string, Places | undefined>();

/**
 * Replaces each address in the data of an event by the result of `change`. Returns the same object if nothing
 * changes.
 *
 * @param type the event type; the data of a type that is not in the catalog has no addresses
 */
export function mapAddresses<Data>(
  type: string,
  data: Data,
  change: (address: Address) => Address,
): Data {
  const places = placesOf(type);
  return places === undefined ? data : (mapAt(places, data, change) as Data);
}

/** The addresses in the data of an event, in the order of its schema. */
export function addressesIn(type: string, data: unknown): readonly Address[] {
  const found: Address[] = [];
  mapAddresses(type, data, (address) => {
    found.push(address);
    return address;
  });
  return found;
}

function placesOf(type: string): Places | undefined {
  if (!placesByType.has(type) && Object.hasOwn(catalog, type)) {
    placesByType.set(type, placesIn(catalog[type as keyof typeof catalog].data()));
  }
  return placesByType.get(type);
}

/** The parts of valibot's schemas that the catalog uses. */
type Schema = v.GenericSchema & {
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly entries?: Readonly<Record<string, Schema>>;
};

function placesIn(schema: Schema): Places | undefined {
  if (schema === addressData()) {
    return 'address';
  }
  if (schema.wrapped) {
    return placesIn(schema.wrapped);
  }
  if (schema.item) {
    const items = placesIn(schema.item);
    return items && { items };
  }
  const fields = Object.entries(schema.entries ?? {}).flatMap(([name, entry]) => {
    const places = placesIn(entry);
    return places === undefined ? [] : [[name, places] as const];
  });
  return fields.length > 0 ? { fields } : undefined;
}

function mapAt(places: Places, value: unknown, change: (address: Address) => Address): unknown {
  if (value === undefined) {
    return undefined;
  }
  if (places === 'address') {
    return change(value as Address);
  }
  if ('items' in places) {
    const items = value as readonly unknown[];
    const mapped = items.map((item) => mapAt(places.items, item, change));
    return mapped.some((item, index) => item !== items[index]) ? mapped : value;
  }
  const record = value as Readonly<Record<string, unknown>>;
  let changed: Record<string, unknown> | undefined;
  for (const [name, inside] of places.fields) {
    const mapped = mapAt(inside, record[name], change);
    if (mapped !== record[name]) {
      changed ??= { ...record };
      changed[name] = mapped;
    }
  }
  return changed ?? value;
}
