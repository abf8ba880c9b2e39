import { consume } from '../../lambdas/runtime/consumer.ts';

/** Answers by WAHA's API (https://waha.devlike.pro/docs/how-to/send-messages/, "Send text"). */
export const handler = consume<'message'>(async ({ meta }) => {
  const response = await fetch(new URL('/api/sendText', process.env.WAHA_URL), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': await readApiKey() },
    body: JSON.stringify({ session: meta.session, chatId: meta.chat, text: 'pong' }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(`WAHA answered ${response.status}`);
  }
});

let apiKey: Promise<string> | undefined;

/** Asks once in the life of the function, and again when that failed. */
function readApiKey(): Promise<string> {
  apiKey ??= fetchApiKey().catch((error: unknown) => {
    apiKey = undefined;
    throw error;
  });
  return apiKey;
}

async function fetchApiKey(): Promise<string> {
  const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
  const secret = await new SecretsManager().getSecretValue({
    SecretId: process.env.WAHA_API_KEY_ARN,
  });
  return secret.SecretString ?? '';
}
