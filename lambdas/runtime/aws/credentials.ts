/** Keys of a role, as requests are signed with them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** @default - a user's own keys, which have none */
  readonly sessionToken?: string | undefined;
}

/**
 * The credentials of the function's role. Lambda puts them into the environment before the code
 * starts, and ends an execution environment before they expire (Lambda Developer Guide, "Defined
 * runtime environment variables"), so they are read once.
 */
export function credentialsFrom(environment: NodeJS.ProcessEnv): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set.');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
}
