import {
  SignatureV4,
  type SignatureV4CryptoInit,
  type SignatureV4Init,
} from '@smithy/signature-v4';

/** Where a payload lies that was too large to travel with its event. */
export interface ClaimCheck {
  readonly claimCheck: {
    readonly bucket: string;
    readonly key: string;
    /** Size of the object, JSON in UTF-8. */
    readonly bytes: number;
  };
}

/** Puts a text into the bucket and returns where it lies. Rejects when S3 does not take it. */
export type PutClaimCheck = (key: string, text: string) => Promise<ClaimCheck>;

/** What {@link putClaimCheck} needs of the outside world. */
export interface ClaimCheckSettings {
  readonly bucket: string;
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  readonly sha256: SignatureV4CryptoInit['sha256'];
  /** @default - Amazon S3 */
  readonly endpoint?: string | undefined;
}

const timeoutMs = 5_000;

/**
 * One PutObject request, signed by the SDK's own signer. The S3 client would make ingest's bundle
 * 140 kB larger for a request that one webhook in many thousands needs.
 */
export function putClaimCheck(settings: ClaimCheckSettings): PutClaimCheck {
  const { bucket, region, credentials, sha256 } = settings;
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256,
    uriEscapePath: false,
  });
  return async (key, text) => {
    const url = objectUrl(settings, key);
    const body = Buffer.from(text);
    const request = await signer.sign({
      method: 'PUT',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port ? { port: Number(url.port) } : {}),
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    });
    const response = await fetch(url, {
      method: 'PUT',
      headers: request.headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`S3 answered ${response.status}`);
    return { claimCheck: { bucket, key, bytes: body.length } };
  };
}

/** Path style for another endpoint; virtual-hosted style for Amazon S3. */
function objectUrl({ bucket, region, endpoint }: ClaimCheckSettings, key: string): URL {
  return endpoint
    ? new URL(`/${bucket}/${key}`, endpoint)
    : new URL(`/${key}`, `https://${bucket}.s3.${region}.amazonaws.com`);
}
