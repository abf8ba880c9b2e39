/** Where in a request a sender may put a secret. Header names are lower case. */
export interface Presented {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** As the gateway tells it. */
  readonly path: string;
}

/** The query parameter in which Wawp's documentation advises to put a secret. */
export const secretParameter = 'secret';

/** The header for senders that can add one but cannot sign. */
export const secretHeader = 'x-webhook-secret';

/** What stands behind `/webhooks/` in the path. */
const secretInPath = /\/webhooks\/([^/]+)\/?$/;

/** Every secret that a request carries: in a header, as a bearer token, in the query, in the path. */
export function presentedSecrets(
  { headers, query, path }: Presented,
  header: string = secretHeader,
): string[] {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const inPath = secretInPath.exec(path)?.[1];
  return [query[secretParameter], headers[header], bearer, inPath].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
}
