import type { Keyring } from '../events/keyring/keyring.ts';
import type { AwsAccess } from './aws/connect.ts';
import { outputsOf } from './aws/find-pipeline.ts';
import type { Proof } from './send-webhook.ts';
import { readStored } from './stored-keyring.ts';

/** The webhook endpoint, and how a sender authenticates. */
export interface Ingress {
  readonly url: string;
  readonly proof: Proof;
}

/** Options of {@link findIngress}. */
export interface IngressChoice {
  /** The session of the webhook. @default - a sender that may send for any session */
  readonly session?: string | undefined;
  /** How to authenticate. @default - with a signature if the stack accepts it, else with a secret */
  readonly proof?: Proof['kind'] | undefined;
}

/** The stack outputs that name the secrets, by proof. */
const secretOutputs = {
  signature: ['hmac', 'SigningSecretArn'],
  'url-secret': ['secret', 'UrlSecretArn'],
} as const;

/**
 * Finds the stack's endpoint in its outputs, and an active secret of a sender that may send for the session.
 * The same for a local run and for an AWS account.
 *
 * @throws when the stack has no endpoint or no such secret, or the caller may not read the secret
 */
export async function findIngress(
  access: AwsAccess,
  StackName: string,
  { session, proof }: IngressChoice,
): Promise<Ingress> {
  const outputs = await outputsOf(access, StackName);
  const url = outputs.get('WebhookUrl');
  if (url === undefined) {
    throw new Error(`The stack ${StackName} has no output with the URL of its endpoint.`);
  }
  const kinds = proof === undefined ? (['signature', 'url-secret'] as const) : [proof];
  for (const kind of kinds) {
    const [scheme, output] = secretOutputs[kind];
    const arn = outputs.get(output);
    const keyring = arn === undefined ? undefined : await readStored(access, scheme, arn);
    const secret = keyring && secretIn(keyring.keyring, session);
    if (secret !== undefined) {
      return { url, proof: { kind, secret } };
    }
  }
  throw new Error(
    `No sender of the stack ${StackName} may ${kinds.includes('signature') ? 'sign' : 'send a secret'} for ${session === undefined ? 'any session' : `the session ${JSON.stringify(session)}`}: see "fanout secret list".`,
  );
}

/** The newest secret of a sender that signs by the default scheme and may send for the session. */
function secretIn({ senders }: Keyring, session: string | undefined): string | undefined {
  const fitting = Object.values(senders).filter(
    ({ algorithm = 'sha512', header, sessions }) =>
      algorithm === 'sha512' &&
      header === undefined &&
      (sessions === undefined || (session !== undefined && sessions.includes(session))),
  );
  return fitting[0]?.secrets.at(-1)?.value;
}
