import { queuedConsumers } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import { subscribedTypes } from '../../lib/subscription.ts';
import type { DocumentedKind } from './documented-kind.ts';

/** One channel for each kind on the bus, with its detail-type as the address. */
export function busChannels(kinds: readonly DocumentedKind[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    kinds.map(({ type, category, summary }) => [
      type,
      {
        address: type,
        title: type,
        summary,
        servers: [{ $ref: '#/servers/bus' }],
        tags: [{ name: category }],
        messages: { [type]: { $ref: `#/components/messages/${type}` } },
      },
    ]),
  );
}

/** A receive operation for each channel of the bus. */
export function busOperations(kinds: readonly DocumentedKind[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    kinds.map(({ type, category, summary }) => [
      operationName('on', type),
      {
        action: 'receive',
        channel: { $ref: `#/channels/${type}` },
        summary,
        tags: [{ name: category }],
        messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
      },
    ]),
  );
}

/** A name that is an identifier in most languages, such as `onMessageAck` for `message.ack`. */
export function operationName(verb: string, type: string): string {
  const words = type.split(/[^A-Za-z0-9]+/);
  return verb + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

const channelName = (consumer: string) => `queue.${consumer}`;

/** One channel for each consumer's queue, whose messages are the events that its rule lets through. */
export function queueChannels(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    queuedConsumers(consumers).map(([name, row]) => [
      channelName(name),
      {
        address: `whatsapp-{stage}-${name}`,
        title: `Queue of the consumer ${name}`,
        summary: row.summary,
        servers: [{ $ref: '#/servers/queues' }],
        parameters: {
          stage: {
            default: settings.stage.default,
            description: documentationOf(settings.stage).summary,
          },
        },
        messages: Object.fromEntries(
          subscribedTypes(row).map((type) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
        bindings: {
          sqs: {
            queue: { name: `whatsapp-${settings.stage.default}-${name}`, fifoQueue: false },
            bindingVersion: '0.2.0',
          },
        },
      },
    ]),
  );
}

/** A receive operation for each queue. */
export function queueOperations(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    queuedConsumers(consumers).map(([name, row]) => [
      operationName('read', `${name}.queue`),
      {
        action: 'receive',
        channel: { $ref: `#/channels/${channelName(name)}` },
        summary: row.summary,
        messages: subscribedTypes(row).map((type) => ({
          $ref: `#/channels/${channelName(name)}/messages/${type}`,
        })),
      },
    ]),
  );
}
