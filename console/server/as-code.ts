import { sign, signatureAlgorithmHeader, signatureHeader } from '../../events/signature.ts';
import type { Ingress } from '../../ops/find-ingress.ts';

/** Quotes any text as one word of a POSIX shell. */
export const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The request as a shell command. The body goes through a pipe, since an argument has at most 128 KiB on Linux.
 * The command has the signature, not the secret; for a sender that sends the secret it has a placeholder.
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

/** A value as a TypeScript literal: JSON, with the two line separators escaped that JSON allows in strings. */
const literal = (value: unknown) =>
  JSON.stringify(value, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const imports = [
  "import { expect, test } from '@jest/globals';",
  "import { normalizeWebhook } from '../../events/normalize.ts';",
];

/**
 * A test that the normalization of an event does not change: the sender's body in, the normalized data out. It
 * belongs into `test/events/`.
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
