import { addressFields } from '../../events/address.docs.ts';
import { addressData } from '../../events/address.ts';
import type { AnyFieldDocs } from '../../events/kind-docs.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { messageIdFields } from '../../events/message-id.docs.ts';
import { messageIdData } from '../../events/message-id.ts';

/** A shape that many kinds use, documented once. */
interface Shape {
  /** Its name in JSON Schemas. */
  readonly name: string;
  /** Its name in tables. */
  readonly label: string;
  /** Heading of its section in docs/events.md. */
  readonly heading: string;
  readonly introduction: string;
  readonly schema: LazySchema;
  /** What its fields mean. */
  readonly fields: AnyFieldDocs;
}

/** The shapes that have a section of their own in docs/events.md. */
export const shapes: readonly Shape[] = [
  {
    name: 'address',
    label: 'address',
    heading: 'Addresses',
    introduction:
      'People, groups, channels and broadcasts, wherever one stands in `data`. A person has a phone number and a hidden id (LID); a payload may hold one, the other or both. Compare people by whichever both sides have.',
    schema: addressData,
    fields: addressFields,
  },
  {
    name: 'messageId',
    label: 'message id',
    heading: 'Message ids',
    introduction:
      'The id of a message in its parts, because senders write one and the same message’s id in several ways.',
    schema: messageIdData,
    fields: messageIdFields,
  },
];

/** The shape that a `$ref` stands for. */
export function shapeOf(ref: string): Shape {
  const shape = shapes.find(({ name }) => ref === `#/$defs/${name}`);
  if (!shape) throw new Error(`No shape is called ${ref}.`);
  return shape;
}
