import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError, type AwsService, type JsonObject } from '../aws-service.ts';
import type { Clock } from '../clock.ts';

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  value: string;
  versionId: string;
}

/** Where the service stands. */
export interface SecretsManagerOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/** Secrets Manager, in memory: the secrets of the template are made again at each start. */
export class SecretsManager implements AwsService {
  readonly #secrets = new Map<string, Secret>();
  readonly #options: SecretsManagerOptions;

  constructor(options: SecretsManagerOptions) {
    this.#options = options;
  }

  /** Makes a secret, or gives one that exists a new value. Returns its ARN. */
  put(name: string, value: string, description?: string): string {
    const { region, accountId, clock } = this.#options;
    const existing = this.#secrets.get(name);
    const arn =
      existing?.arn ?? `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-local0`;
    this.#secrets.set(name, {
      arn,
      name,
      description,
      createdAt: existing?.createdAt ?? clock.now(),
      value,
      versionId: randomUUID(),
    });
    return arn;
  }

  async call(action: string, input: JsonObject): Promise<JsonObject> {
    switch (action) {
      case 'GetSecretValue': {
        const secret = this.#find(input.SecretId);
        return {
          ...identify(secret),
          SecretString: secret.value,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: secret.createdAt / 1000,
        };
      }
      case 'PutSecretValue':
      case 'UpdateSecret': {
        const { name, description } = this.#find(input.SecretId);
        this.put(name, String(input.SecretString ?? ''), description);
        return identify(this.#find(name));
      }
      case 'DescribeSecret': {
        const secret = this.#find(input.SecretId);
        return { ...identify(secret), Description: secret.description };
      }
      case 'ListSecrets':
        return { SecretList: [...this.#secrets.values()].map(identify) };
      default:
        throw new AwsError('UnknownOperationException', `Secrets Manager has no ${action} here.`);
    }
  }

  #find(id: unknown): Secret {
    const secret = [...this.#secrets.values()].find(({ arn, name }) => arn === id || name === id);
    if (secret) return secret;
    throw new AwsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }
}

const identify = ({ arn, name, versionId }: Secret) => ({
  ARN: arn,
  Name: name,
  VersionId: versionId,
});

/** A value as GenerateSecretString makes it: random letters and digits. */
export function generateSecret(length: number): string {
  let text = '';
  while (text.length < length)
    text += randomBytes(64)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  return text.slice(0, length);
}
