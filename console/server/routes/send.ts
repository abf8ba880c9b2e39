import { own, ownText } from '../../../events/own.ts';
import { findIngress, type Ingress } from '../../../ops/find-ingress.ts';
import { postWebhook, type WebhookAnswer } from '../../../ops/send-webhook.ts';
import { asCurl, asTestCase } from '../as-code.ts';
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
