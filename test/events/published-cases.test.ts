import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Envelope } from '../../events/envelope.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { isTurnedDown } from '../../lambdas/state/call-registers.ts';
import { context } from './webhook.ts';

/** Bodies rebuilt from public reports, kept beside the checkout and not part of this project. */
const directory = join(import.meta.dirname, '../../../shared/cases');

function eventOf(name: string): Envelope {
  const [event] = normalizeWebhook(readFileSync(join(directory, `${name}.json`)), context).events;
  if (!event) {
    throw new Error('A webhook always gives an event.');
  }
  return event;
}

const us = {
  kind: 'user',
  id: '12025550100@c.us',
  phone: '+12025550100',
  lid: '118832900000100@lid',
};
const lid = '206158430200142@lid';

/** What is right, by the report. */
const right: readonly (readonly [name: string, event: object, absent?: readonly string[]])[] = [
  [
    'ack-time-1',
    {
      meta: { type: 'message.ack', occurredAt: '2026-11-22T09:30:00.000Z' },
      data: { at: '2026-11-22T09:30:00.000Z' },
    },
  ],
  ['call-not-missed-2', { data: { callId: 'CALLX2', outcome: 'rejected' } }],
  ['content-album-1', { data: { content: 'album', album: { images: 3, videos: 0 } } }],
  ['content-album-2', { data: { content: 'album', album: { images: 3, videos: 1 } } }],
  [
    'content-order',
    {
      data: {
        content: 'order',
        order: {
          id: 'ORD-778',
          itemCount: 3,
          title: 'Corner Shop',
          total: { amount: '45.50', currency: 'USD' },
          token: 'AR6example',
        },
      },
    },
  ],
  [
    'content-poll-created',
    {
      data: {
        content: 'poll',
        body: 'Which day?',
        poll: { question: 'Which day?', options: ['Tuesday', 'Thursday'], selectable: 1 },
      },
    },
  ],
  [
    'content-reply-buttons-1',
    {
      data: {
        content: 'choice',
        body: 'Confirm',
        choice: { by: 'button', id: 'order:confirm:4711', title: 'Confirm' },
        replyTo: { messageId: '3EB0BBBB00000002', author: us },
      },
    },
  ],
  [
    'content-reply-buttons-2',
    {
      data: {
        content: 'choice',
        choice: { by: 'template', id: 'order:confirm:4711', title: 'Confirm' },
      },
    },
  ],
  [
    'content-system-notices-1',
    { data: { content: 'system', system: { notice: 'e2e_notification' } } },
  ],
  [
    'content-system-notices-2',
    {
      data: {
        content: 'system',
        system: { notice: 'disappearing-timer', expiresAfterSeconds: 604800 },
      },
    },
  ],
  ['content-view-once', { data: { content: 'unavailable', unavailable: 'view-once' } }],
  [
    'context-ad-referral',
    {
      data: {
        referral: {
          source: 'ad',
          sourceId: '120210000000000001',
          url: 'https://fb.me/example',
          headline: 'Spring sale',
          text: '20% off',
          clickId: 'ARAkExampleClickId',
          app: 'instagram',
          entryPoint: 'ctwa_ad',
        },
      },
    },
  ],
  [
    'context-mentions-forwarded',
    {
      data: {
        mentions: [us],
        mentionsMe: true,
        forwarded: { count: 5, frequently: true },
        expiresAfterSeconds: 604800,
      },
    },
  ],
  [
    'gows-reaction-target-1',
    { data: { target: { id: '3EB0A0000000E1', fromMe: true, chat: lid } } },
    ['data.target.serialized'],
  ],
  [
    'gows-reaction-target-2',
    { data: { target: { id: '3A0000000000E2', fromMe: false, chat: lid } } },
    ['data.target.serialized'],
  ],
  ['group-settings-1', { data: { group: { membersCanAddMembers: true } } }],
  ['group-settings-2', { data: { group: { membersCanEditInfo: false } } }],
  [
    'media-error-details',
    {
      data: {
        content: 'document',
        media: {
          available: false,
          error:
            'Error: 13 INTERNAL: failed to download media: download failed with status code 403',
        },
      },
    },
  ],
  [
    'media-not-downloaded',
    {
      data: {
        content: 'document',
        media: { available: false, filename: 'invoice.pdf', bytes: 204800, pages: 2 },
      },
    },
    ['data.media.url'],
  ],
  [
    'no-payload-known-event-1',
    {
      meta: { type: 'message', session: '2b9f2e9c-0000-4000-8000-000000000001' },
      data: { body: 'hi', chat: { phone: '+12025550142' } },
    },
  ],
  [
    'no-payload-known-event-2',
    {
      meta: { type: 'message' },
      data: { body: 'second, different', chat: { phone: '+12025550143' } },
    },
  ],
  ['no-payload-known-event-3', { meta: { type: 'poll.vote' }, data: { choices: ['Tuesday'] } }],
  [
    'own-message-not-from-me',
    { meta: { fromMe: true }, data: { direction: 'outbound', author: us } },
  ],
  [
    'session-passkey',
    {
      data: {
        passkey: {
          challenge: 'Zm9vYmFy',
          timeout: 60000,
          relyingParty: 'web.whatsapp.com',
          allowCredentials: [
            { id: 'AX8bTgH2', type: 'public-key', transports: ['internal', 'hybrid'] },
          ],
          userVerification: 'required',
        },
      },
    },
  ],
  [
    'session-restricted-1',
    {
      data: {
        status: 'WORKING',
        restriction: {
          active: true,
          type: 'RESTRICT_ALL_COMPANIONS',
          until: '2026-11-23T12:00:00.000Z',
        },
        changedAt: '2026-11-22T11:58:30.000Z',
      },
    },
  ],
  [
    'webjs-revoked-before-has-deletions-id',
    { data: { revokedMessageId: '3EB0EEEE00000009', messageId: { id: '3EB0DDDD00000009' } } },
  ],
];

describe('a reported case', () => {
  if (!existsSync(directory)) {
    test.skip('is not here, so only the project’s own examples were checked', () => undefined);
    return;
  }

  test.each(right)('%s is normalized correctly', (name, event, absent = []) => {
    expect(eventOf(name)).toMatchObject(event);
    for (const path of absent) {
      expect(eventOf(name)).not.toHaveProperty(path);
    }
  });

  test('a declined call is not a missed call', () => {
    const { meta, data } = eventOf('call-not-missed-2');
    expect(isTurnedDown({ meta, data } as Parameters<typeof isTurnedDown>[0])).toBe(true);
  });

  test('the events in a reseller’s wrapper have keys of their own', () => {
    const ids = [1, 2, 3].map((n) => eventOf(`no-payload-known-event-${n}`).meta.id);
    expect(new Set(ids).size).toBe(3);
  });
});
