import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who is let in. */
export interface Admission {
  /** What every request of the page must carry. */
  readonly key: string;
  /** The part of the URL that lets one page in; undefined where none is needed. */
  readonly token: string | undefined;
  /** Exchanges the token for the key; undefined when it is wrong, or was used before. */
  admit(token: unknown): string | undefined;
}

/**
 * On one machine whoever runs programs on it can reach the local run anyhow, and the page is let in
 * without more. For an AWS account the URL carries a token that works once.
 */
export function createAdmission(needsToken: boolean): Admission {
  const key = randomBytes(32).toString('base64url');
  if (!needsToken) return { key, token: undefined, admit: () => key };
  const token = randomBytes(32).toString('base64url');
  let isUsed = false;
  return {
    key,
    token,
    admit(given) {
      if (isUsed || typeof given !== 'string' || !isSame(given, token)) return undefined;
      isUsed = true;
      return key;
    },
  };
}

/** In time that says nothing of where they differ. */
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
const digest = (text: string) => createHash('sha256').update(text).digest();
