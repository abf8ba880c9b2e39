import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type EventType, typesInCategory } from '../../events/catalog.ts';
import type { BusType, Sender, WhatsAppEvent } from '../../events/envelope.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { parse } from '../../events/parse.ts';
import { callRegisters } from '../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../lambdas/state/message-registers.ts';
import { type Register, type RegistersOf, registersOf } from '../../lambdas/state/register.ts';
import { sessionRegisters } from '../../lambdas/state/session-registers.ts';
import { toItem } from '../../lambdas/state/state.ts';
import { markdownTable } from './markdown.ts';

/** Which event types write state, and what they write. */
export const stateConsumers = {
  messages: {
    types: [...typesInCategory('messages'), ...typesInCategory('polls')],
    registers: messageRegisters,
  },
  groups: { types: typesInCategory('groups'), registers: groupRegisters },
  calls: { types: typesInCategory('calls'), registers: callRegisters },
  labels: { types: typesInCategory('labels'), registers: labelRegisters },
  sessions: { types: typesInCategory('sessions'), registers: sessionRegisters },
} as const satisfies Record<string, { types: readonly EventType[]; registers: object }>;

/** Days in the example of an expiry. */
const stateDays = 30;

/** The write units of an event's state. */
export interface StateUnits {
  /** Units of the items that are written for each event. */
  readonly each: number;
  /** Units of the items that are written for the first event of a chat in an hour. */
  readonly hourly: number;
  /** Units of the items that are written once: the session, and the two addresses of a person. */
  readonly once: number;
}

/** The example of an event as a consumer receives it. */
export function exampleEvent(type: EventType, sender: Sender): WhatsAppEvent {
  const body = Buffer.from(JSON.stringify(exampleWebhook(type, sender)));
  const request = { receivedAt: new Date(Date.UTC(2026, 0, 1, 12)), requestId: 'request' };
  const [envelope] = normalizeWebhook(body, request).events;
  if (!envelope) {
    throw new Error(`The example of ${type} makes no event.`);
  }
  return parse(envelope);
}

/** The write units of the items of an event (DynamoDB Developer Guide, "Write capacity unit consumption"). */
export function stateUnitsOf(registers: object, event: WhatsAppEvent): StateUnits {
  const written = registersOf(registers as RegistersOf<BusType>, event);
  const units = (is: (register: Register) => boolean) =>
    written
      .filter(is)
      .reduce((sum, register) => sum + Math.ceil(itemSize(toItem(register, stateDays)) / 1_024), 0);
  return {
    each: units(({ isRepeated }) => !isRepeated),
    hourly: units(({ isRepeated, receivedAt }) => isRepeated === true && receivedAt !== undefined),
    once: units(({ isRepeated, receivedAt }) => isRepeated === true && receivedAt === undefined),
  };
}

/** Bytes of an item (DynamoDB Developer Guide, "DynamoDB item sizes and formats"). */
export const itemSize = (item: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  );

function valueSize({ S, N, L, M }: AttributeValue): number {
  if (S !== undefined) {
    return Buffer.byteLength(S);
  }
  if (N !== undefined) {
    return Math.ceil(N.replace(/[.-]/g, '').length / 2) + 1;
  }
  if (M !== undefined) {
    return 3 + Object.keys(M).length + itemSize(M);
  }
  if (L !== undefined) {
    return L.reduce((sum, each) => sum + 1 + valueSize(each), 3);
  }
  return 1;
}

/** The write units of each event type that writes state, by the example of WAHA. */
export function stateUnitsTable(): string {
  const rows = Object.entries(stateConsumers).flatMap(([consumer, { types, registers }]) =>
    types.map((type) => {
      const { each, hourly, once } = stateUnitsOf(registers, exampleEvent(type, 'waha'));
      return [`\`${type}\``, consumer, ...[each, hourly, once].map(String)];
    }),
  );
  return markdownTable(['event type', 'consumer', 'each', 'first of an hour', 'once'], rows);
}
