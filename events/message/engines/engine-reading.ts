import type { ContentParts, ContextParts } from '../content-data.ts';
import type { Content } from '../contents.ts';
import type { MediaFacts } from '../media.ts';

/** The information in the engine's own object (`_data`) that WAHA's message does not have. */
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
  /** Undefined if the object does not contain it. */
  readonly content?: Content;
  /** Path below `_data` of an unknown content. Names only. */
  readonly unknown?: string;
  /** Text that people see. */
  readonly body?: string;
  readonly media?: MediaFacts;
  readonly location?: EngineLocation;
  readonly vcards?: readonly EngineCard[];
  /** Addresses of the mentioned people, unchanged. */
  readonly mentions?: readonly unknown[];
  /** How often it was forwarded; 0 if that is unknown. */
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

/** The quoted message, unchanged. */
export interface EngineQuote {
  readonly id?: string;
  readonly author?: unknown;
  readonly chat?: unknown;
  readonly message?: EngineReading;
}
