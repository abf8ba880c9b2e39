import { catalog } from '../../events/catalog.ts';
import type { Meta } from '../../events/envelope.ts';
import { own } from '../../events/own.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { hideChat } from './hide-chat.ts';
import { describeHidden, redactData, type SchemaNode } from './redact-data.ts';

/** Fields of `meta` that say nothing of a person. What is not listed is hidden. */
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
  'replay',
] satisfies (keyof Meta)[]);

/**
 * An envelope as a person may see it who needs not know who wrote what: `meta` with the chat hidden
 * but for two digits, `data` without what is personal, `raw` not at all, since nothing is certain of what
 * a sender puts there. Takes anything; what is no envelope is hidden whole.
 */
export function redactEnvelope(envelope: unknown): Record<string, unknown> {
  const meta = own(envelope, 'meta');
  if (typeof meta !== 'object' || meta === null) return { detail: describeHidden(envelope) };
  const shown: Record<string, unknown> = { meta: redactMeta(meta) };
  for (const part of ['data', 'raw']) {
    const value = own(envelope, part);
    if (value === undefined) continue;
    shown[part] =
      part === 'data' ? redactData(value, schemaOf(own(meta, 'type'))) : describeHidden(value);
  }
  return shown;
}

function redactMeta(meta: object): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  let hidden = 0;
  for (const [name, value] of Object.entries(meta)) {
    if (name === 'chat' && typeof value === 'string') shown.chat = hideChat(value);
    else if (!shownMeta.has(name)) hidden += 1;
    else shown[name] = typeof value === 'object' ? describeHidden(value) : value;
  }
  if (hidden > 0) shown['…'] = `‹${hidden} further fields›`;
  return shown;
}

function schemaOf(type: unknown): SchemaNode | undefined {
  if (type === unrecognized.type) return unrecognized.data() as unknown as SchemaNode;
  if (typeof type !== 'string' || !Object.hasOwn(catalog, type)) return undefined;
  return catalog[type as keyof typeof catalog].data() as unknown as SchemaNode;
}
