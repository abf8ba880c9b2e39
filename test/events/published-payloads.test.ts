import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { catalog, type EventType } from '../../events/catalog.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { context } from './webhook.ts';

/** Bodies that the senders have published, kept beside the checkout and not part of this project. */
const DIRECTORY = join(import.meta.dirname, '../../../shared/payloads');

const senders = ['waha', 'wawp'] as const;

/** Fragments, which show something else than a payload: of these nobody could say what they are about. */
const saysNothing: ReadonlySet<string> = new Set([
  'group.join.WEBJS-docs.json',
  'group.join.openapi-2026.7.1.json',
  'group.leave.WEBJS-docs.json',
  'group.leave.openapi-2026.7.1.json',
  'message.WEBJS-docs-2023-engine-field.json',
  'message.WEBJS-hmac-example-fragment.json',
  'message.any.WEBJS-docs.json',
  'message.any.docs-2022-first-envelope.json',
  'message.docs-envelope-full.json',
  'message.docs-media-2023.json',
  'message.docs-media-url-null.json',
  'message.docs-metadata.json',
  'state.change.WEBJS-docs.json',
  'state.change.openapi-2026.7.1.json',
]);

const files = existsSync(DIRECTORY)
  ? senders.flatMap((sender) =>
      readdirSync(join(DIRECTORY, sender)).map((name) => [sender, name] as const),
    )
  : [];

describe('bodies that the senders have published', () => {
  if (files.length === 0) {
    test.skip('are not here, so only the project’s own examples were checked', () => undefined);
    return;
  }

  test.each(files)(
    '%s/%s is recognized, as the kind that it names, from that sender',
    (sender, name) => {
      const { events, drift } = normalizeWebhook(
        readFileSync(join(DIRECTORY, sender, name)),
        context,
      );
      expect(events).toHaveLength(1);
      const [event] = events;
      if (saysNothing.has(name)) {
        expect(event?.data).toMatchObject({
          ...{ reason: 'invalid-payload', event: event?.wire.event },
        });
        return;
      }
      expect(event?.meta).toMatchObject({ sender, type: event?.wire.event });
      const kind = catalog[event?.meta.type as EventType];
      expect(v.parse(kind.data(), event?.data)).toStrictEqual(event?.data);
      expect(drift.unknownEvents).toStrictEqual([]);
      expect(drift.unknownFields.filter(({ path }) => path.startsWith('payload'))).toStrictEqual(
        [],
      );
    },
  );
});
