import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError, type AwsService, type JsonObject, unknownOperation } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** The account, region and store of the service. */
interface SecretsManagerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/** A template's properties of a secret. */
interface DeclaredSecret {
  readonly name: string;
  /** The value, if the template or the environment sets one. */
  readonly declared: string | undefined;
  /** Generates a value when none is set and none is stored. */
  readonly generate: () => string;
  readonly description?: string;
}

/** Maximum length of a value (Secrets Manager API reference, PutSecretValue). */
const maxValueLength = 65_536;

/**
 * Secrets Manager, in the store: values that were generated or changed at run time survive a
 * restart.
 */
export class SecretsManager implements AwsService {
  readonly #table: SecretTable;
  readonly #options: SecretsManagerOptions;
  readonly #generated = new Set<string>();

  constructor(options: SecretsManagerOptions) {
    this.#options = options;
    this.#table = new SecretTable(options.store.db);
  }

  /**
   * Creates a secret from a template. An existing secret keeps its value, which may have been
   * changed at run time, unless the declared value has changed since the last start. Returns its
   * ARN.
   */
  declare({ name, declared, generate, description }: DeclaredSecret): string {
    const { region, accountId } = this.#options;
    const present = this.#table.find(name);
    const keeps = present && (declared === undefined || present.declared === declared);
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-local0`;
    if (!keeps && declared === undefined) {
      this.#generated.add(arn);
    }
    const secret = {
      arn,
      name,
      description,
      declared,
      createdAt: present?.createdAt ?? this.#options.clock.now(),
      value: keeps ? present.value : (declared ?? generate()),
      versionId: keeps ? present.versionId : randomUUID(),
    };
    this.#table.put(secret);
    return secret.arn;
  }

  /** Whether the secret got its value from this process: nobody can have seen it before. */
  isNew(arn: string): boolean {
    return this.#generated.has(arn);
  }

  /** The value of a secret by its ARN or name; undefined when there is none. */
  valueOf(id: string): string | undefined {
    return this.#table.find(id)?.value;
  }

  remove(id: string): void {
    this.#table.remove(id);
  }

  async call(action: string, input: JsonObject): Promise<JsonObject> {
    switch (action) {
      case 'GetSecretValue': {
        const secret = this.#find(input.SecretId);
        requireCurrent(secret, input);
        return {
          ...identify(secret),
          SecretString: secret.value,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: secret.createdAt / 1000,
        };
      }
      case 'PutSecretValue':
      case 'UpdateSecret': {
        const secret = this.#find(input.SecretId);
        const { SecretString: value = action === 'UpdateSecret' ? secret.value : undefined } =
          input;
        if (
          typeof value !== 'string' ||
          value === '' ||
          Buffer.byteLength(value) > maxValueLength
        ) {
          throw new AwsError(
            'InvalidParameterException',
            `You must provide a SecretString of at most ${maxValueLength} bytes.`,
          );
        }
        const description =
          action === 'UpdateSecret' && typeof input.Description === 'string'
            ? input.Description
            : secret.description;
        const versionId = input.SecretString === undefined ? secret.versionId : randomUUID();
        const changed = { ...secret, value, description, versionId };
        this.#table.put(changed);
        return { ...identify(changed), VersionStages: ['AWSCURRENT'] };
      }
      case 'DescribeSecret': {
        const secret = this.#find(input.SecretId);
        return { ...identify(secret), Description: secret.description };
      }
      case 'ListSecrets':
        return { SecretList: this.#table.list().map(identify) };
      default:
        throw unknownOperation('Secrets Manager', action);
    }
  }

  #find(id: unknown): Secret {
    const secret = typeof id === 'string' ? this.#table.find(id) : undefined;
    if (secret) {
      return secret;
    }
    throw new AwsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }
}

/** Throws for another version than the present one, which is the only one that is stored. */
function requireCurrent({ versionId }: Secret, { VersionId, VersionStage }: JsonObject): void {
  if ((VersionStage ?? 'AWSCURRENT') !== 'AWSCURRENT') {
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for staging label: ${String(VersionStage).slice(0, 64)}`,
    );
  }
  if ((VersionId ?? versionId) !== versionId) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for VersionId: ${String(VersionId).slice(0, 64)}`,
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
  while (text.length < length) {
    text += randomBytes(64)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  }
  return text.slice(0, length);
}

/** One secret and its present value. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  /** The value that a template or its environment declared at the last start. */
  readonly declared: string | undefined;
  readonly value: string;
  readonly versionId: string;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** The secrets in the store. */
class SecretTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`CREATE TABLE IF NOT EXISTS secrets (
      name TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, description TEXT, declared TEXT,
      value TEXT NOT NULL, version_id TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`);
  }

  put({ name, arn, description, declared, value, versionId, createdAt }: Secret): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO secrets VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        name,
        arn,
        description ?? null,
        declared ?? null,
        value,
        versionId,
        Math.floor(createdAt),
      );
  }

  /** By name or ARN. */
  find(id: string): Secret | undefined {
    const row = this.#db.prepare('SELECT * FROM secrets WHERE name = ? OR arn = ?').get(id, id);
    return row && read(row);
  }

  list(): Secret[] {
    return this.#db.prepare('SELECT * FROM secrets ORDER BY name').all().map(read);
  }

  remove(id: string): void {
    this.#db.prepare('DELETE FROM secrets WHERE name = ? OR arn = ?').run(id, id);
  }
}

const read = (row: Record<string, unknown>): Secret => ({
  name: String(row.name),
  arn: String(row.arn),
  description: row.description === null ? undefined : String(row.description),
  declared: row.declared === null ? undefined : String(row.declared),
  value: String(row.value),
  versionId: String(row.version_id),
  createdAt: Number(row.created_at),
});
