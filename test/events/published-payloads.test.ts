import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { catalog, type EventType } from '../../events/catalog.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { own } from '../../events/own.ts';
import { publishedFragments } from './published-fragments.ts';
import { context } from './webhook.ts';

/** Bodies that the senders have published, kept beside the checkout and not part of this project. */
const directory = join(import.meta.dirname, '../../../shared/payloads');

const senders = ['waha', 'wawp'] as const;

const files = existsSync(directory)
  ? senders.flatMap((sender) =>
      readdirSync(join(directory, sender)).map((name) => [sender, name] as const),
    )
  : [];

describe('a body that a sender has published', () => {
  if (files.length === 0) {
    test.skip('are not here, so only the project’s own examples were checked', () => undefined);
    return;
  }

  test.each(files)('%s/%s is recognized, with its event type and sender', (sender, name) => {
    const { events, drift } = normalizeWebhook(
      readFileSync(join(directory, sender, name)),
      context,
    );
    expect(events).toHaveLength(1);
    const [event] = events;
    const type = own(event?.raw, 'event');
    if (publishedFragments.has(name)) {
      expect(event?.data).toMatchObject({ reason: 'invalid-payload', event: type });
      return;
    }
    expect(event?.meta).toMatchObject({ sender, type });
    const definition = catalog[event?.meta.type as EventType];
    expect(v.parse(definition.data(), event?.data)).toStrictEqual(event?.data);
    expect(drift.unknownEvents).toStrictEqual([]);
    expect(drift.unknownFields.filter(({ path }) => path.startsWith('payload'))).toStrictEqual([]);
  });
});
