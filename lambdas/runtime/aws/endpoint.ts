/** Where a service is spoken to. */
export interface Endpoint {
  readonly isEncrypted: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The header `host`: with the port where it is not the protocol's own. */
  readonly host: string;
}

/**
 * Where a service is: the endpoint that the environment names for it or for all services (AWS SDKs and
 * Tools Reference Guide, "Service-specific endpoints"), or AWS's own in the function's region.
 *
 * @param host the service's first label, for example `events`
 * @param variable the service in the name of its own variable, for example `EVENTBRIDGE`
 */
export function endpointOf(
  host: string,
  variable: string,
  region: string,
  environment: NodeJS.ProcessEnv,
): Endpoint {
  const other = environment[`AWS_ENDPOINT_URL_${variable}`] || environment.AWS_ENDPOINT_URL;
  return parseEndpoint(other || `https://${host}.${region}.${suffixOf(region)}`);
}

/** The function's region. Lambda sets it; without it nothing can be signed. */
export function regionFrom({ AWS_REGION }: NodeJS.ProcessEnv): string {
  if (!AWS_REGION) throw new Error('AWS_REGION is not set.');
  return AWS_REGION;
}

/** An endpoint by its URL; a path in it is not supported, and refused rather than ignored. */
export function parseEndpoint(text: string): Endpoint {
  const { protocol, hostname, port, host, pathname } = new URL(text);
  if (!/^https?:$/.test(protocol) || pathname !== '/') {
    throw new Error(`Not an endpoint like http://HOST:PORT, without a path: ${text}`);
  }
  const isEncrypted = protocol === 'https:';
  return {
    isEncrypted,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isEncrypted ? 443 : 80),
    host,
  };
}

/** The regions in China have a domain of their own (AWS General Reference, "AWS service endpoints"). */
const suffixOf = (region: string) =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
