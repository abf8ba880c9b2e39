import type { DocumentedKind } from '../documented-kind.ts';

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

/** What a rule on the bus does with each channel: it receives. */
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
