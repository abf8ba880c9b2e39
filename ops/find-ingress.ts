import type { Keyring } from '../events/keyring/keyring.ts';
import type { AwsAccess } from './aws/connect.ts';
import { outputsOf } from './aws/find-pipeline.ts';
import type { Proof } from './send-webhook.ts';
import { readStored } from './stored-keyring.ts';

/** Where webhooks go, and how they prove where they come from. */
export interface Ingress {
  readonly url: string;
  readonly proof: Proof;
}

/**
 * Finds the stack's endpoint in its outputs, and a live secret of a sender that may speak for the
 * session. The same for a local run and for an AWS account.
 *
 * @throws when the stack has none of it, or the caller may not read the secret
 */
export async function findIngress(
  access: AwsAccess,
  StackName: string,
  session: string | undefined,
): Promise<Ingress> {
  const outputs = await outputsOf(access, StackName);
  const url = outputs.get('WebhookUrl');
  if (url === undefined) {
    throw new Error(`The stack ${StackName} has no output with the URL of its endpoint.`);
  }
  const signing = outputs.get('SigningSecretArn');
  if (signing !== undefined) {
    const secret = secretIn((await readStored(access, 'hmac', signing)).keyring, session);
    if (secret !== undefined) {
      return { url, proof: { kind: 'signature', secret } };
    }
  }
  const sentAlong = outputs.get('UrlSecretArn');
  if (sentAlong !== undefined) {
    const secret = secretIn((await readStored(access, 'secret', sentAlong)).keyring, session);
    if (secret !== undefined) {
      return { url, proof: { kind: 'url-secret', secret } };
    }
  }
  throw new Error(
    `No sender of the stack ${StackName} may speak for the session ${JSON.stringify(session)}: see "fanout secret list".`,
  );
}

/** The newest secret of a sender that signs by the default scheme and speaks for the session. */
function secretIn({ senders }: Keyring, session: string | undefined): string | undefined {
  const fitting = Object.values(senders).filter(
    ({ algorithm = 'sha512', header, sessions }) =>
      algorithm === 'sha512' &&
      header === undefined &&
      (sessions === undefined || (session !== undefined && sessions.includes(session))),
  );
  return fitting[0]?.secrets.at(-1)?.value;
}
