import type { Way } from '../../events/keyring/keyring.ts';
import { ingestMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { RefusedError } from './answer.ts';
import { authenticate, type Keyrings, type Match } from './authenticate.ts';
import type { IngestDependencies, IngestEvent } from './create-handler.ts';

/**
 * The live secrets that a request proves to know. A proof that does not fit is tried once more with
 * secrets read anew, so that a rotated secret works from its first request on.
 *
 * @throws RefusedError when there is none
 */
export async function requireAuthentic(
  event: IngestEvent,
  dependencies: IngestDependencies,
): Promise<readonly Match[]> {
  const { authentication } = dependencies;
  const request = {
    rawBody: event.rawBody,
    headers: event.headers ?? {},
    query: event.queryStringParameters ?? {},
    path: event.rawPath ?? '',
  };
  for (const fresh of [false, true]) {
    const keyrings =
      (fresh ? undefined : peekKeyrings(dependencies)) ?? (await readKeyrings(dependencies, fresh));
    const { matches, isPresented } = authenticate(request, keyrings, authentication);
    if (matches.length > 0) {
      // Says when an old secret can be retired: when this has not been counted for a while.
      for (const { sender, isOlder } of matches) {
        if (isOlder) count(ingestMetrics.olderSecretUsed, 1, { Sender: sender });
      }
      return matches;
    }
    if (!isPresented) break;
  }
  throw new RefusedError('unauthorized');
}

const takes = ({ authentication }: IngestDependencies, way: Way) =>
  authentication === 'any' || authentication === way;

/** The keyrings, where all of them are known: nearly always. */
function peekKeyrings(dependencies: IngestDependencies): Keyrings | undefined {
  const hmac = takes(dependencies, 'hmac') ? dependencies.keyrings.peek('hmac') : null;
  const secret = takes(dependencies, 'secret') ? dependencies.keyrings.peek('secret') : null;
  if (hmac === undefined || secret === undefined) return undefined;
  return { ...(hmac && { hmac }), ...(secret && { secret }) };
}

async function readKeyrings(dependencies: IngestDependencies, fresh: boolean): Promise<Keyrings> {
  const read = (way: Way) =>
    takes(dependencies, way) ? dependencies.keyrings.get(way, { fresh }) : undefined;
  try {
    const [hmac, secret] = await Promise.all([read('hmac'), read('secret')]);
    return { ...(hmac && { hmac }), ...(secret && { secret }) };
  } catch (error) {
    throw new RefusedError('unavailable', error);
  }
}
