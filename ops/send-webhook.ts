import { randomBytes } from 'node:crypto';
import type { EventType } from '../events/catalog.ts';
import type { Sender } from '../events/envelope.ts';
import { type ExampleWebhook, exampleWebhook } from '../events/example-webhook.ts';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../events/signature.ts';
import { startCommand } from './command-name.ts';

/** How a webhook is authenticated: signed as WAHA does, or with a secret in the URL as Wawp does. */
export type Proof =
  | { readonly kind: 'signature'; readonly secret: string }
  | { readonly kind: 'url-secret'; readonly secret: string };

/** The response to a webhook. */
export interface WebhookAnswer {
  readonly status: number;
  /** The parsed body, or its text when it is not JSON. */
  readonly body: unknown;
  readonly ms: number;
}

/** Timeout in milliseconds: the longest that an HTTP API waits for a function, and one second. */
const timeoutMs = 31_000;

/**
 * Posts a webhook as its sender would.
 *
 * @throws when nothing answers: says where, and what to do
 */
export async function postWebhook(
  url: string,
  body: string,
  proof: Proof | undefined,
): Promise<WebhookAnswer> {
  const target = new URL(url);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-webhook-request-id': crypto.randomUUID().replaceAll('-', ''),
    'x-webhook-timestamp': String(Date.now()),
  };
  if (proof?.kind === 'signature') {
    headers[signatureHeader] = sign(body, proof.secret);
    headers[signatureAlgorithmHeader] = 'sha512';
  } else if (proof) {
    target.searchParams.set('secret', proof.secret);
  }
  const start = performance.now();
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers,
      body,
      // A sender that follows a redirect would turn the POST into a GET; report the redirect instead.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, body: parse(text), ms: performance.now() - start };
  } catch (error) {
    throw new Error(explain(target, error), { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function explain({ origin, pathname }: URL, error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as {
    code?: string;
    message?: string;
  };
  if (code === 'ECONNREFUSED') {
    return `Nothing listens at ${origin}. Start the local run with "${startCommand()}", or give another URL with --url.`;
  }
  return `No answer from ${origin}${pathname}: ${code ?? message}`;
}

/** Ids of messages and calls in the examples: hexadecimal in capitals; and Wawp's request ids. */
const idInExample =
  /(?<![0-9A-Za-z])(?=[0-9A-F]*[A-F])[0-9A-F]{16,}(?![0-9A-Za-z])|\breq_[0-9a-f]{4,}\b/g;

/**
 * The catalog's example with new ids and the current time, so that it is not a duplicate of an
 * earlier one.
 */
export function freshWebhook(
  type: EventType,
  sender: Sender,
  options: { readonly session?: string } = {},
): ExampleWebhook {
  const webhook = exampleWebhook(type, sender, {
    ...options,
    id: `evt_01${randomHex(24).toLowerCase()}`,
    timestamp: Date.now(),
  });
  const renamed = new Map<string, string>();
  const text = JSON.stringify(webhook.payload).replace(idInExample, (id) => {
    const known = renamed.get(id);
    if (known) {
      return known;
    }
    const fresh = id.startsWith('req_')
      ? `req_${randomHex(12).toLowerCase()}`
      : randomHex(id.length);
    renamed.set(id, fresh);
    return fresh;
  });
  return { ...webhook, payload: JSON.parse(text) };
}

const randomHex = (length: number) =>
  // The first character keeps a message id from consisting of digits only.
  `A${randomBytes(length).toString('hex').toUpperCase()}`.slice(0, length);
