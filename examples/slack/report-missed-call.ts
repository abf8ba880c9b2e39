import { consume, PermanentError } from '../../lambdas/runtime/consumer.ts';

/** Posts to an incoming webhook (https://api.slack.com/messaging/webhooks). */
export const handler = consume<'call.missed'>(async ({ meta, data }) => {
  const who = data.caller?.phone ?? meta.chat ?? 'an unknown number';
  const response = await fetch(await readWebhookUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      text: `Missed ${data.media ?? 'voice'} call from ${who} to ${meta.session ?? 'WhatsApp'}`,
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 403 || response.status === 404 || response.status === 410) {
    // The webhook was revoked or its channel archived: a retry does not help.
    throw new PermanentError(`Slack answered ${response.status}: check the webhook's URL`);
  }
  if (!response.ok) {
    throw new Error(`Slack answered ${response.status}`);
  }
});

let webhookUrl: Promise<string> | undefined;

/** Reads the secret once in the life of the function, and again if that failed. */
function readWebhookUrl(): Promise<string> {
  webhookUrl ??= fetchWebhookUrl().catch((error: unknown) => {
    webhookUrl = undefined;
    throw error;
  });
  return webhookUrl;
}

async function fetchWebhookUrl(): Promise<string> {
  const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
  const secret = await new SecretsManager().getSecretValue({
    SecretId: process.env.SLACK_WEBHOOK_ARN,
  });
  return secret.SecretString ?? '';
}
