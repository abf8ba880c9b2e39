import type { EventType } from '../../events/catalog.ts';

/** One kind of webhook in a mix. */
export interface MixRow {
  readonly type: EventType;
  /** Share of all webhooks; those of a mix make 1. */
  readonly share: number;
  /** Bytes of the webhook's body. */
  readonly bytes: number;
  /** Whether it tells of what this account did itself. @default - the event does not say */
  readonly fromMe?: boolean;
  /** The kind as which the same fact is told before, where that is told. @default - none */
  readonly twinOf?: EventType;
  /** Share of these that repeat what was told last of their chat within half a minute. @default 0 */
  readonly repeats?: number;
  /** Write units of the state table for each. @default - those of the kind's example */
  readonly stateWrites?: number;
  /** Why. */
  readonly reason?: string;
}

/** Webhooks that come to a front door. */
export interface Mix {
  readonly summary: string;
  readonly rows: readonly MixRow[];
}

/** The mixes that can be asked for by name. */
export const mixes = {
  '2kb': {
    summary:
      'Messages of 2 KB each, each heard by one consumer; what other designs are compared by',
    rows: [{ type: 'message', share: 1, bytes: 2_048, fromMe: false }],
  },
  realistic: {
    summary:
      'A busy support account, with everything subscribed: for each message that comes, one goes out; half of them are in groups of about four readers',
    rows: [
      {
        type: 'message',
        share: 0.09,
        bytes: 2_300,
        fromMe: false,
        reason: 'what comes in; a text of six letters has 2,157 to 2,487 bytes on GOWS',
      },
      {
        type: 'message.any',
        share: 0.09,
        bytes: 2_300,
        fromMe: false,
        twinOf: 'message',
        reason: 'the same again, since both kinds are subscribed',
      },
      { type: 'message.any', share: 0.09, bytes: 2_300, fromMe: true, reason: 'what goes out' },
      {
        type: 'message.ack',
        share: 0.16,
        bytes: 900,
        fromMe: true,
        reason: 'server, device and read, for what goes to one person; and read elsewhere',
      },
      {
        type: 'message.ack.group',
        share: 0.18,
        bytes: 950,
        fromMe: true,
        reason: 'one for each reader and level, for what goes to a group',
      },
      {
        type: 'presence.update',
        share: 0.22,
        bytes: 700,
        repeats: 0.5,
        reason:
          'typing, paused, online and offline around each message; repeated every few seconds while it lasts',
      },
      {
        type: 'engine.event',
        share: 0.12,
        bytes: 1_500,
        reason: 'at least one raw frame for each of the others that is not a receipt',
      },
      { type: 'message.reaction', share: 0.015, bytes: 900, fromMe: false },
      { type: 'message.edited', share: 0.004, bytes: 2_000, fromMe: false },
      { type: 'message.revoked', share: 0.004, bytes: 2_000, fromMe: false },
      { type: 'poll.vote', share: 0.004, bytes: 1_200, fromMe: false },
      { type: 'group.v2.participants', share: 0.006, bytes: 1_000 },
      {
        type: 'session.status',
        share: 0.006,
        bytes: 700,
        reason: 'NOWEB and GOWS connect again every half hour',
      },
      { type: 'call.received', share: 0.003, bytes: 800 },
      { type: 'call.rejected', share: 0.002, bytes: 800 },
      { type: 'label.chat.added', share: 0.003, bytes: 700 },
      {
        type: 'group.v2.join',
        share: 0.000_2,
        bytes: 90_000,
        stateWrites: 460,
        reason: 'tells of some 450 members; more than 64 KB, so it costs twice',
      },
      { type: 'chat.archive', share: 0.002_8, bytes: 600 },
    ],
  },
} as const satisfies Record<string, Mix>;
