import { type ClientPorts, type ClientSettings, jsonClient } from './aws-client.ts';

const settings: ClientSettings = {
  attempts: 3,
  connectMs: 1_000,
  answerMs: 3_000,
  budgetMs: 6_000,
};

/** Reads secrets of Secrets Manager by their ARN. */
export function secretReader(ports?: ClientPorts): (arn: string) => Promise<string> {
  const call = jsonClient<{
    GetSecretValue: { input: { SecretId: string }; output: { SecretString?: string } };
  }>(
    {
      name: 'secretsmanager',
      variable: 'SECRETS_MANAGER',
      target: 'secretsmanager',
      version: '1.1',
    },
    settings,
    ports,
  );
  return async (SecretId) => {
    const { SecretString } = await call('GetSecretValue', { SecretId });
    if (!SecretString) throw new Error('The secret holds no text');
    return SecretString;
  };
}
