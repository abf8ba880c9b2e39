import type { PutObject } from '../runtime/aws/s3.ts';

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

/** Claim checks as objects of a bucket. */
export function putClaimCheck(bucket: string, putObject: PutObject): PutClaimCheck {
  return async (key, text) => {
    const body = Buffer.from(text);
    await putObject(key, body, 'application/json');
    return { claimCheck: { bucket, key, bytes: body.length } };
  };
}
