import type { Keyring } from '../../events/keyring/keyring.ts';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../../events/signature.ts';
import type { AwsAccess } from '../../ops/aws/connect.ts';
import { outputsOf } from '../../ops/aws/find-pipeline.ts';
import type { Proof } from '../../ops/send-webhook.ts';
import { readStored } from '../../ops/stored-keyring.ts';

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

/** Text as one word of a shell, whatever is in it. */
export const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The request as a command to paste. The body goes through a pipe: an argument may be 128 KiB long at
 * most on Linux. It is signed, and the secret itself is not in it, unless the sender sends it along.
 */
export function asCurl(body: string, { url, proof }: Ingress): string {
  const headers = ['content-type: application/json'];
  const target = new URL(url);
  if (proof.kind === 'signature') {
    headers.push(`${signatureHeader}: ${sign(body, proof.secret)}`);
    headers.push(`${signatureAlgorithmHeader}: sha512`);
  } else {
    // The user sets the secret; the shell's history does not contain it.
    target.searchParams.set('secret', 'YOUR-SECRET');
  }
  return [
    `printf %s ${quoteForShell(body)} |`,
    `curl -sS --data-binary @- ${headers.map((each) => `-H ${quoteForShell(each)}`).join(' ')} ${quoteForShell(target.href)}`,
  ].join(' \\\n  ');
}

/** Text as a literal of TypeScript. JSON is one but for two characters, which ends of lines once were. */
const literal = (value: unknown) =>
  JSON.stringify(value, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const imports = [
  "import { expect, test } from '@jest/globals';",
  "import { normalizeWebhook } from '../../events/normalize.ts';",
];

/**
 * A test that holds this project to what it made of an event: the sender's body in, the normalized
 * data out. To be put into `test/events/`.
 */
export function asTestCase(body: string, envelope: unknown): string {
  const { meta, data } = envelope as { meta: Record<string, unknown>; data: unknown };
  const { id, type, session, chat } = meta;
  return `${imports.join('\n')}

test(${literal(`a ${String(type)} is published as it was when this was copied`)}, () => {
  const body = ${JSON.stringify(body).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')};
  const request = { receivedAt: new Date(0), requestId: 'request' };
  const [event] = normalizeWebhook(Buffer.from(body), request).events;
  expect(event?.meta).toMatchObject(${indent(literal({ id, type, session, chat }))});
  expect(event?.data).toEqual(${indent(literal(data))});
});
`;
}

const indent = (text: string) => text.replaceAll('\n', '\n  ');
