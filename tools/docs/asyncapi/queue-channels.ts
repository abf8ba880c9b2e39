import { queuedConsumers } from '../../../lib/consumer-row.ts';
import { consumers } from '../../../lib/consumers.ts';
import { heardTypes } from '../../../lib/heard-pattern.ts';
import { documentationOf } from '../../../lib/schema.ts';
import { settings } from '../../../lib/settings.ts';
import { operationName } from './bus-channels.ts';

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
          heardTypes(row).map((type) => [type, { $ref: `#/components/messages/${type}` }]),
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

/** What a service that reads a queue does with it. */
export function queueOperations(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    queuedConsumers(consumers).map(([name, row]) => [
      operationName('read', `${name}.queue`),
      {
        action: 'receive',
        channel: { $ref: `#/channels/${channelName(name)}` },
        summary: row.summary,
        messages: heardTypes(row).map((type) => ({
          $ref: `#/channels/${channelName(name)}/messages/${type}`,
        })),
      },
    ]),
  );
}
