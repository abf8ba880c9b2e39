import { categories } from '../../events/catalog.ts';
import { eventSource } from '../../events/names.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { sameSpelling } from '../dead-letters/message-filter.ts';

/** Every category that an event on the bus can have. */
export const categoryNames: readonly string[] = [...categories, unrecognized.category];

/** Selects the events to show. An absent field does not restrict the selection. */
interface TailFilter {
  /** Detail-types; a trailing `*` matches every suffix. */
  readonly types?: readonly string[];
  readonly categories?: readonly string[];
  readonly sessions?: readonly string[];
  /** Chats, in any spelling of the address. */
  readonly chats?: readonly string[];
  readonly fromMe?: boolean;
}

/** The event pattern for the filter, as JSON. */
export function tailPattern(filter: TailFilter): string {
  const { types, categories, sessions, chats, fromMe } = filter;
  const meta = {
    ...(categories && { category: categories }),
    ...(sessions && { session: sessions }),
    ...(chats && { chat: chats.map(sameSpelling) }),
    ...(fromMe !== undefined && { fromMe: [fromMe] }),
  };
  return JSON.stringify({
    source: [eventSource],
    ...(types && { 'detail-type': types.map(typeCondition) }),
    ...(Object.keys(meta).length > 0 && { detail: { meta } }),
  });
}

const typeCondition = (type: string) => (type.endsWith('*') ? { prefix: type.slice(0, -1) } : type);
