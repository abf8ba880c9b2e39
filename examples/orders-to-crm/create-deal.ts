import { consume, PermanentError } from '../../lambdas/runtime/consumer.ts';

/** Creates one deal for one order, however often the event is delivered. */
export const handler = consume<'message'>(async ({ meta, data }) => {
  const { order } = data;
  if (!order) {
    throw new PermanentError('The message has no order: the rule of this consumer is wrong');
  }
  const response = await fetch(new URL('deals', process.env.CRM_URL), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await readToken()}`,
      // The consumer runs once for each event; the key also covers a crash after the CRM has answered.
      'idempotency-key': meta.id,
    },
    body: JSON.stringify({
      customer: data.author?.phone ?? meta.chat,
      reference: order.id,
      title: order.title,
      items: order.itemCount,
      amount: order.total?.amount,
      currency: order.total?.currency,
      note: data.body,
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    // The CRM does not take it: a person has to look, so it goes to the dead-letter queue without retries.
    throw new PermanentError(`The CRM answered ${response.status}`);
  }
  if (!response.ok) {
    throw new Error(`The CRM answered ${response.status}`);
  }
});

let token: Promise<string> | undefined;

/** Reads the secret once in the life of the function, and again if that failed. */
function readToken(): Promise<string> {
  token ??= fetchToken().catch((error: unknown) => {
    token = undefined;
    throw error;
  });
  return token;
}

async function fetchToken(): Promise<string> {
  const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
  const secret = await new SecretsManager().getSecretValue({
    SecretId: process.env.CRM_TOKEN_ARN,
  });
  return secret.SecretString ?? '';
}
