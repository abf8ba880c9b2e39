import { addressData } from '../../events/address.ts';
import { busDocs } from '../../events/catalog.docs.ts';
import { catalog, categories } from '../../events/catalog.ts';
import { derived } from '../../events/derived.ts';
import type { BusType } from '../../events/envelope.ts';
import type { AnyFieldDocs } from '../../events/kind-docs.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { messageIdData } from '../../events/message-id.ts';
import { addressFields, messageIdFields } from '../../events/parts.docs.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { commentText, objectText, schemaOf, type TypeContext } from './schema-type.ts';

interface BusKind {
  readonly category: string;
  readonly data: LazySchema;
}

/** Every detail-type on the bus, as declared. */
const kinds = { ...catalog, ...derived, unrecognized } as unknown as Readonly<
  Record<BusType, BusKind>
>;

/** `call.received` as `CallReceivedData`. */
const interfaceName = (type: string) =>
  `${type
    .split(/[^A-Za-z0-9]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Data`;

/**
 * The replacement for `events/data-of.ts` in the published package: one plain interface for the data of each
 * event type, with the sentences of its docs, and the names of types and categories.
 */
export function eventTypesText(): string {
  const names = new Map<unknown, string>([
    [addressData(), 'Address'],
    [messageIdData(), 'MessageId'],
  ]);
  const context: TypeContext = { names, side: 'output' };
  const interfaces = [
    interfaceText('Address', addressData(), addressFields as AnyFieldDocs, context),
    interfaceText('MessageId', messageIdData(), messageIdFields as AnyFieldDocs, context),
  ];
  for (const [type, { data }] of Object.entries(kinds)) {
    const { summary, data: fields } = busDocs[type as BusType];
    const schema = data();
    // Some types have the data of another one.
    if (names.has(schema)) {
      continue;
    }
    const text = interfaceText(
      interfaceName(type),
      schema,
      fields as AnyFieldDocs,
      context,
      `Data of \`${type}\`: ${summary}`,
    );
    names.set(schema, interfaceName(type));
    interfaces.push(text);
  }
  const table = (textOf: (kind: BusKind) => string) =>
    Object.entries(kinds).map(([type, kind]) => `  readonly '${type}': ${textOf(kind)};`);
  return `${[
    '// Made from the catalog when the package was built.',
    ...interfaces,
    `/** The normalized data of each event type. */\nexport interface DataByType {\n${table(
      ({ data }) => names.get(data()) ?? '',
    ).join('\n')}\n}`,
    `/** The category of each event type. */\nexport interface CategoryByType {\n${table(
      ({ category }) => `'${category}'`,
    ).join('\n')}\n}`,
    `/** A group of event types that consumers mostly want together. */\nexport type Category = ${categories
      .map((category) => `'${category}'`)
      .join(' | ')};`,
    "/** The type of what the catalog does not understand. */\nexport type Unrecognized = 'unrecognized';",
    `/** What consumers derive of other events. */\nexport type DerivedType = ${Object.keys(derived)
      .map((type) => `'${type}'`)
      .join(' | ')};`,
    '/** Every detail-type on the bus: what senders send, what consumers derive, and `unrecognized`. */\nexport type BusType = keyof DataByType;',
    '/** What senders send. */\nexport type EventType = Exclude<BusType, DerivedType | Unrecognized>;',
    '/** The event types of a category. */\nexport type EventTypeIn<C extends Category> = { [T in EventType]: CategoryByType[T] extends C ? T : never }[EventType];',
    '/** The category of what senders send. */\nexport type CategoryOf<T extends EventType> = CategoryByType[T];',
    '/** The category of a detail-type. */\nexport type BusCategoryOf<T extends BusType> = CategoryByType[T];',
    '/** The normalized data of an event type. */\nexport type DataOf<T extends BusType> = DataByType[T];',
    '/** The same, with nothing that could be changed. */\nexport type DeepReadonly<T> = T extends readonly (infer E)[] ? readonly DeepReadonly<E>[] : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;',
  ].join('\n\n')}\n`;
}

function interfaceText(
  name: string,
  schema: ReturnType<LazySchema>,
  docs: AnyFieldDocs,
  context: TypeContext,
  summary?: string,
): string {
  const text = objectText(schemaOf(schema), context, docs);
  return `${commentText(summary)}export interface ${name} ${text}`;
}
