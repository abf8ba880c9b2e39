import type { Way } from '../../events/keyring/keyring.ts';
import { count } from '../runtime/count.ts';
import { RefusedError } from './answer.ts';
import { authenticate, type Keyrings } from './authenticate.ts';
import type { IngestDependencies, IngestRequest } from './create-handler.ts';

/**
 * Middleware: lets only authentic requests pass. A proof that does not fit is tried once more with
 * secrets read anew, so that a rotated secret works from its first request on.
 */
export function requireAuthentic(dependencies: IngestDependencies) {
  const { authentication } = dependencies;
  return {
    before: async ({ event }: IngestRequest): Promise<void> => {
      const request = {
        rawBody: event.rawBody,
        headers: event.headers ?? {},
        query: event.queryStringParameters ?? {},
        path: event.rawPath ?? '',
      };
      for (const fresh of [false, true]) {
        const keyrings = await readKeyrings(dependencies, fresh);
        const { matches, isPresented } = authenticate(request, keyrings, authentication);
        if (matches.length > 0) {
          event.matches = matches;
          // Says when an old secret can be retired: when this has not been counted for a while.
          for (const { sender, isOlder } of matches) {
            if (isOlder) count('OlderSecretUsed', 1, { Sender: sender });
          }
          return;
        }
        if (!isPresented) break;
      }
      throw new RefusedError('unauthorized');
    },
  };
}

async function readKeyrings(
  { keyrings, authentication }: IngestDependencies,
  fresh: boolean,
): Promise<Keyrings> {
  const read = (way: Way) => {
    if (authentication !== 'any' && authentication !== way) return undefined;
    // Nothing to wait for, nearly always.
    return (fresh ? undefined : keyrings.peek(way)) ?? keyrings.get(way, { fresh });
  };
  try {
    const [hmac, secret] = await Promise.all([read('hmac'), read('secret')]);
    return { ...(hmac && { hmac }), ...(secret && { secret }) };
  } catch (error) {
    throw new RefusedError('unavailable', error);
  }
}
