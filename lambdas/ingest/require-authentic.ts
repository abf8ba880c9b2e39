import { RefusedError } from './answer.ts';
import { isAuthentic, type Secrets } from './authenticate.ts';
import type { IngestDependencies, IngestRequest } from './create-handler.ts';

/**
 * Middleware: lets only authentic requests pass. A proof that does not fit is tried once more with
 * secrets read anew, so that a rotated secret works from its first request on.
 */
export function requireAuthentic(dependencies: IngestDependencies) {
  return {
    before: async ({ event }: IngestRequest): Promise<void> => {
      const request = {
        rawBody: event.rawBody,
        headers: event.headers ?? {},
        query: event.queryStringParameters ?? {},
      };
      for (const fresh of [false, true]) {
        const secrets = await readSecrets(dependencies, fresh);
        if (isAuthentic(request, secrets, dependencies.authentication)) return;
      }
      throw new RefusedError('unauthorized');
    },
  };
}

async function readSecrets(
  { secrets, signingSecretArn, urlSecretArn }: IngestDependencies,
  fresh: boolean,
): Promise<Secrets> {
  const read = async (arn: string | undefined) => (arn ? secrets.get(arn, { fresh }) : undefined);
  try {
    const [signing, url] = await Promise.all([read(signingSecretArn), read(urlSecretArn)]);
    return { signing, url };
  } catch (error) {
    throw new RefusedError('unavailable', error);
  }
}
