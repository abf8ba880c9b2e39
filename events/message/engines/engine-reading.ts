import type { Content, ContentParts, ContextParts } from '../content-data.ts';
import type { MediaFacts } from '../media.ts';

/** What the engine's own object (`_data`) says of a message, beyond what WAHA makes of it. */
export interface EngineReading
  extends Pick<
      ContentParts,
      | 'choice'
      | 'poll'
      | 'order'
      | 'product'
      | 'interactive'
      | 'album'
      | 'albumId'
      | 'groupInvite'
      | 'pin'
      | 'system'
      | 'unavailable'
      | 'target'
    >,
    Pick<ContextParts, 'referral' | 'viewOnce' | 'expiresAfterSeconds'> {
  /** Undefined where the object does not say it. */
  readonly content?: Content;
  /** Path below `_data` of a content that is unknown. Names only. */
  readonly unknown?: string;
  /** Text that people see. */
  readonly body?: string;
  readonly media?: MediaFacts;
  readonly location?: EngineLocation;
  readonly vcards?: readonly EngineCard[];
  /** Addresses of the mentioned people, as they are. */
  readonly mentions?: readonly unknown[];
  /** How often it was forwarded; 0 where that is not said. */
  readonly forwarded?: number;
  readonly quoted?: EngineQuote;
}

/** A place, with the fields of WAHA's own `location`. */
export interface EngineLocation {
  readonly latitude?: unknown;
  readonly longitude?: unknown;
  readonly live?: boolean;
  readonly name?: string;
  readonly address?: string;
  readonly url?: string;
  readonly description?: string;
}

/** A contact card. */
export interface EngineCard {
  readonly name?: string;
  readonly vcard?: string;
}

/** The message that is answered, as they are. */
export interface EngineQuote {
  readonly id?: string;
  readonly author?: unknown;
  readonly chat?: unknown;
  readonly message?: EngineReading;
}
