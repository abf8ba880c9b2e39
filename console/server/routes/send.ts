import { own, ownText } from '../../../events/own.ts';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../../../events/signature.ts';
import { findIngress, type Ingress } from '../../../ops/find-ingress.ts';
import { postWebhook, type WebhookAnswer } from '../../../ops/send-webhook.ts';
import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest, readText } from '../http/read-request.ts';
import { rebuildBody } from '../trace/trace-event.ts';
import { findEvent } from './events.ts';

/** The response of the endpoint. */
export type SendAnswer = WebhookAnswer;

/** `POST send`: posts a body as its sender does. */
export const send: Route = async (context, { body: requested }): Promise<SendAnswer> => {
  const body = readText(requested, 'body');
  return post(context, body, ownText(parse(body), 'session'));
};

/** `POST send-again`: posts the body of an event's webhook again. */
export const sendAgain: Route = async (context, { body: requested }): Promise<SendAnswer> => {
  const { body, session } = await readBody(context, requested);
  return post(context, body, session);
};

/** `POST curl`: the request as a shell command. */
export const copyAsCurl: Route = async (context, { body: requested }) => {
  const { body, session } = await readBody(context, requested);
  return { text: asCurl(body, await ingress(context, session)) };
};

/** `POST test-case`: a test that the normalization of an event does not change. */
export const copyAsTestCase: Route = async (context, { body: requested }) => {
  const { body, envelope } = await readBody(context, requested);
  return { text: asTestCase(body, envelope) };
};

async function post(context: ConsoleContext, body: string, session: string | undefined) {
  const { url, proof } = await ingress(context, session);
  return postWebhook(url, body, proof);
}

async function ingress({ view }: ConsoleContext, session: string | undefined): Promise<Ingress> {
  const { stackName } = await view.pipeline();
  return findIngress(await view.access(), stackName, { session });
}

/** The body of an event's webhook. @throws BadRequest when it is not known */
async function readBody(context: ConsoleContext, requested: unknown) {
  const record = findEvent(context, readText(requested, 'id'));
  const text = await context.source.journal.text(record.seq);
  const envelope = own(parse(text ?? ''), 'detail');
  const body = rebuildBody(envelope);
  if (body !== undefined) {
    return { body, envelope, session: record.head.session };
  }
  throw new BadRequest(
    'The full body of the webhook is not available: no sender sent it, its payload is a claim check, or it is no longer kept.',
    409,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
