import type { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../../aws-service.ts';
import type { ApiDestination, Connection } from '../api-destinations/connection.ts';
import { defaultBus } from '../arns.ts';
import { ResourceTable } from './resource-table.ts';

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
  /** 0: for ever. */
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

/** A resource's tags. */
export type Tags = readonly { readonly Key: string; readonly Value: string }[];

/** The tables of all that is configured. */
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
