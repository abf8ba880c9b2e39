import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JsonObject } from '../aws-service.ts';
import type { Slice, Tags } from './request.ts';

export interface Bus {
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Settings of CreateEventBus and UpdateEventBus besides the name; stored, without effect. */
  readonly settings: JsonObject;
}

export interface Rule {
  readonly bus: string;
  readonly name: string;
  readonly state: string;
  readonly pattern?: string;
  readonly schedule?: string;
  /** When the schedule was put, from which a rate counts. */
  readonly scheduledFrom?: number;
  readonly description?: string;
  readonly roleArn?: string;
  /** The service that created the rule; only this service may change it. */
  readonly managedBy?: string;
}

/** A rule's target from PutTargets, checked. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: { readonly [variable: string]: string };
    readonly InputTemplate: string;
  };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly HttpParameters?: {
    readonly PathParameterValues?: readonly string[];
    readonly HeaderParameters?: { readonly [name: string]: string };
    readonly QueryStringParameters?: { readonly [name: string]: string };
  };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number;
    readonly MaximumEventAgeInSeconds?: number;
  };
}

export interface Archive {
  readonly name: string;
  readonly bus: string;
  readonly pattern?: string;
  readonly description?: string;
  /** 0: without limit. */
  readonly retentionDays: number;
  readonly createdAt: number;
}

export interface Replay {
  readonly name: string;
  readonly description?: string;
  readonly archive: string;
  readonly bus: string;
  /** The rules that receive it; all when the list is empty. */
  readonly ruleArns: readonly string[];
  /** Events from this time on, in milliseconds, and before the end are replayed. */
  readonly eventStart: number;
  readonly eventEnd: number;
  readonly state: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The last event that was replayed. */
  readonly position: { readonly time: number; readonly row: number };
}

/** A header, query or body parameter that a connection adds to each request. */
export interface Parameter {
  readonly key: string;
  readonly value: string;
  readonly isSecret: boolean;
}

export interface HttpParameters {
  readonly headers: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly body: readonly Parameter[];
}

/** How a connection authorizes its requests: a header with a key, or HTTP basic authentication. */
export type Authorization =
  | { readonly type: 'API_KEY'; readonly name: string; readonly value: string }
  | { readonly type: 'BASIC'; readonly username: string; readonly password: string };

/**
 * A connection. Its secrets are in the local store (in AWS: in Secrets Manager); no action returns
 * them.
 */
export interface Connection {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly description?: string;
  readonly authorization: Authorization;
  readonly invocation: HttpParameters;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface ApiDestination {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly description?: string;
  readonly connection: string;
  readonly endpoint: string;
  readonly method: string;
  readonly ratePerSecond: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** The tables of the configured resources. */
export class Resources {
  readonly buses: ResourceTable<Bus>;
  /** In the scope of their bus. */
  readonly rules: ResourceTable<Rule>;
  /** In the scope of {@link targetScope}. */
  readonly targets: ResourceTable<Target & { readonly rule: string; readonly bus: string }>;
  readonly archives: ResourceTable<Archive>;
  readonly replays: ResourceTable<Replay>;
  readonly connections: ResourceTable<Connection>;
  readonly apiDestinations: ResourceTable<ApiDestination>;
  /** By ARN. */
  readonly tags: ResourceTable<Tags>;

  constructor(db: DatabaseSync, now: number) {
    this.buses = new ResourceTable(db, 'bus');
    this.rules = new ResourceTable(db, 'rule');
    this.targets = new ResourceTable(db, 'target');
    this.archives = new ResourceTable(db, 'archive');
    this.replays = new ResourceTable(db, 'replay');
    this.connections = new ResourceTable(db, 'connection');
    this.apiDestinations = new ResourceTable(db, 'api-destination');
    this.tags = new ResourceTable(db, 'tags');
    if (!this.buses.get('', defaultBus)) {
      this.buses.put('', defaultBus, {
        name: defaultBus,
        createdAt: now,
        modifiedAt: now,
        settings: {},
      });
    }
  }
}

/** A rule's targets are kept in the scope of its bus and name; neither has a space. */
export const targetScope = (bus: string, rule: string) => `${bus} ${rule}`;

/** The kinds of resources that are kept by name. */
type ResourceKind =
  | 'bus'
  | 'rule'
  | 'target'
  | 'archive'
  | 'replay'
  | 'connection'
  | 'api-destination'
  | 'tags';

/**
 * Resources of one kind: each a name, unique in its scope (the bus of a rule, the rule of a
 * target), and its settings as JSON.
 */
class ResourceTable<Resource> {
  readonly #kind: ResourceKind;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteScope: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync, kind: ResourceKind) {
    db.exec(`CREATE TABLE IF NOT EXISTS eventbridge_resources (
      kind TEXT NOT NULL,
      scope TEXT NOT NULL,
      name TEXT NOT NULL,
      settings TEXT NOT NULL,
      PRIMARY KEY (kind, scope, name)
    ) STRICT, WITHOUT ROWID`);
    const where = 'WHERE kind = ? AND scope = ?';
    this.#kind = kind;
    this.#get = db.prepare(`SELECT settings FROM eventbridge_resources ${where} AND name = ?`);
    this.#put = db.prepare('INSERT OR REPLACE INTO eventbridge_resources VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare(`DELETE FROM eventbridge_resources ${where} AND name = ?`);
    this.#deleteScope = db.prepare(`DELETE FROM eventbridge_resources ${where}`);
    this.#list = db.prepare(
      `SELECT settings FROM eventbridge_resources ${where} AND name > ? AND substr(name, 1, ?) = ?
       ORDER BY name LIMIT ?`,
    );
    this.#all = db.prepare(
      'SELECT settings FROM eventbridge_resources WHERE kind = ? ORDER BY scope, name',
    );
  }

  get(scope: string, name: string): Resource | undefined {
    const row = this.#get.get(this.#kind, scope, name);
    return row && (JSON.parse(String(row.settings)) as Resource);
  }

  put(scope: string, name: string, resource: Resource): void {
    this.#put.run(this.#kind, scope, name, JSON.stringify(resource));
  }

  delete(scope: string, name: string): void {
    this.#delete.run(this.#kind, scope, name);
  }

  deleteScope(scope: string): void {
    this.#deleteScope.run(this.#kind, scope);
  }

  list(scope: string, slice?: Slice): Resource[] {
    const { prefix, after, limit } = slice ?? { prefix: '', after: '', limit: -1 };
    return this.#list
      .all(this.#kind, scope, after, prefix.length, prefix, limit)
      .map((row) => JSON.parse(String(row.settings)) as Resource);
  }

  /** All resources of this kind, in every scope. */
  all(): Resource[] {
    return this.#all.all(this.#kind).map((row) => JSON.parse(String(row.settings)) as Resource);
  }
}

/** The account and Region of the resources. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** The name of the bus that every account has. */
export const defaultBus = 'default';

/** Builds and parses the ARNs of EventBridge's resources. */
export class Arns {
  readonly #prefix: string;

  constructor({ region, accountId }: Place) {
    this.#prefix = `arn:aws:events:${region}:${accountId}:`;
  }

  bus(name: string): string {
    return `${this.#prefix}event-bus/${name}`;
  }

  rule(bus: string, name: string): string {
    return `${this.#prefix}rule/${bus === defaultBus ? '' : `${bus}/`}${name}`;
  }

  of(type: 'archive' | 'replay' | 'connection' | 'api-destination', id: string): string {
    return `${this.#prefix}${type}/${id}`;
  }

  /** The part of an ARN after the resource type; undefined for another type or account. */
  idIn(arn: string, type: string): string | undefined {
    const prefix = `${this.#prefix}${type}/`;
    return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
  }

  /**
   * The name of a bus that is given by name or ARN. The ARN of another account or Region is
   * returned unchanged; it names no bus here.
   */
  busName(nameOrArn: string | undefined): string {
    if (nameOrArn === undefined) {
      return defaultBus;
    }
    return this.idIn(nameOrArn, 'event-bus') ?? nameOrArn;
  }
}

/** What a rule can deliver to in this run. */
type TargetKind = 'queue' | 'function' | 'bus' | 'api-destination';

const targets: readonly (readonly [RegExp, TargetKind])[] = [
  [/^arn:[\w-]+:sqs:[\w-]+:\d+:[\w.-]+$/, 'queue'],
  [/^arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w:$-]+$/, 'function'],
  [/^arn:[\w-]+:events:[\w-]+:\d+:event-bus\/[\w./-]+$/, 'bus'],
  [/^arn:[\w-]+:events:[\w-]+:\d+:api-destination\/[\w.-]+\/[\w-]+$/, 'api-destination'],
];

/** The kind of a target by its ARN; undefined for an unsupported target. */
export function kindOfTarget(arn: string): TargetKind | undefined {
  return targets.find(([shape]) => shape.test(arn))?.[1];
}
