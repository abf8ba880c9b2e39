import { catalog } from '../events/catalog.ts';
import type { Meta } from '../events/envelope.ts';
import { isRecord, own } from '../events/own.ts';
import { unrecognized } from '../events/unrecognized.ts';

/** Fields of `meta` without personal data. All others are hidden. */
const shownMeta: ReadonlySet<string> = new Set([
  'id',
  'version',
  'category',
  'type',
  'session',
  'sender',
  'engine',
  'senderVersion',
  'senderEventId',
  'occurredAt',
  'receivedAt',
  'fromMe',
  'requestId',
  'traceparent',
  'duplicateOf',
  'conflict',
  'deduplication',
  'identities',
  'replay',
] satisfies (keyof Meta)[]);

/**
 * An envelope without personal data: `meta` with only two digits of the chat, `data` without personal fields,
 * and no `raw`, whose content is unknown. Accepts any value; a value that is not an envelope is hidden
 * completely.
 */
export function redactEnvelope(envelope: unknown): Record<string, unknown> {
  const meta = own(envelope, 'meta');
  if (typeof meta !== 'object' || meta === null) {
    return { detail: describeHidden(envelope) };
  }
  const shown: Record<string, unknown> = { meta: redactMeta(meta) };
  for (const part of ['data', 'raw']) {
    const value = own(envelope, part);
    if (value === undefined) {
      continue;
    }
    shown[part] =
      part === 'data' ? redactData(value, schemaOf(own(meta, 'type'))) : describeHidden(value);
  }
  return shown;
}

function redactMeta(meta: object): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  let hidden = 0;
  for (const [name, value] of Object.entries(meta)) {
    if (name === 'chat' && typeof value === 'string') {
      shown.chat = hideChat(value);
    } else if (!shownMeta.has(name)) {
      hidden += 1;
    } else {
      shown[name] = typeof value === 'object' ? describeHidden(value) : value;
    }
  }
  if (hidden > 0) {
    shown['…'] = `‹${hidden} further fields›`;
  }
  return shown;
}

function schemaOf(type: unknown): SchemaNode | undefined {
  if (type === unrecognized.type) {
    return unrecognized.data() as unknown as SchemaNode;
  }
  if (typeof type !== 'string' || !Object.hasOwn(catalog, type)) {
    return undefined;
  }
  return catalog[type as keyof typeof catalog].data() as unknown as SchemaNode;
}

/** The parts of a valibot schema that are read here. */
export interface SchemaNode {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  /** The values of a picklist, or the members of a union. */
  readonly options?: readonly unknown[];
  readonly pipe?: readonly unknown[];
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Maximum number of items of a list that are shown. */
const maxItems = 20;

/**
 * Normalized data without personal data. The schema of the event type decides, so that a new field is hidden
 * until it is known to be harmless. Shown are the names of known fields, picklist values, booleans and times.
 * Everything else is replaced by a description of its kind.
 */
export function redactData(value: unknown, schema: SchemaNode | undefined): unknown {
  if (value === null || value === undefined) {
    return value;
  }
  const { type, wrapped, entries, item, options = [] } = schema ?? { type: 'unknown' };
  if (wrapped) {
    return redactData(value, wrapped);
  }
  if (entries && isRecord(value)) {
    return redactFields(value, entries);
  }
  if (item && Array.isArray(value)) {
    const shown = value.slice(0, maxItems).map((each) => redactData(each, item));
    return value.length > maxItems ? [...shown, `‹${value.length - maxItems} more›`] : shown;
  }
  if (type === 'picklist' && options.includes(value)) {
    return value;
  }
  if (type === 'boolean' && typeof value === 'boolean') {
    return value;
  }
  if (isInstant(schema) && typeof value === 'string' && instant.test(value)) {
    return value;
  }
  return describeHidden(value);
}

/** Describes a hidden value without revealing it. */
function describeHidden(value: unknown): string {
  if (typeof value === 'string') {
    return `‹text, ${value.length} characters›`;
  }
  if (Array.isArray(value)) {
    return `‹list, ${value.length} items›`;
  }
  if (typeof value === 'object' && value !== null) {
    return `‹object, ${Object.keys(value).length} fields›`;
  }
  return `‹${typeof value}›`;
}

function redactFields(
  value: object,
  entries: Readonly<Record<string, SchemaNode>>,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(entries)) {
    if (Object.hasOwn(value, name)) {
      shown[name] = redactData(own(value, name), schema);
    }
  }
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(entries, name)).length;
  if (unknown > 0) {
    shown['…'] = `‹${unknown} fields that the catalog does not know›`;
  }
  return shown;
}

/** Times are marked in the schema's metadata, at whatever depth of its pipe. */
function isInstant(schema: unknown): boolean {
  if (own(schema, 'metadata', 'format') === 'date-time') {
    return true;
  }
  const pipe = own(schema, 'pipe');
  return Array.isArray(pipe) && pipe.some((each) => each !== schema && isInstant(each));
}

/** `<digits>@<server>`, the address of a person or a group. Older groups have a hyphen. */
const address = /^[\d-]*(\d{2})@(c\.us|g\.us|lid|newsletter|broadcast)$/;

/**
 * The last two digits of a chat's address: enough to distinguish most chats, not enough to call the
 * person. Not a hash, because hashes of all phone numbers can be computed.
 */
export function hideChat(chat: string): string {
  if (chat === 'status@broadcast') {
    return chat;
  }
  const [, digits, server] = address.exec(chat.slice(0, 128)) ?? [];
  return digits === undefined ? '…' : `…${digits}@${server}`;
}
