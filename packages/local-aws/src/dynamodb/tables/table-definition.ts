import type { JsonObject } from '../../aws-service.ts';

/** Names of the attributes that make a key. */
export interface KeySchema {
  readonly hash: string;
  readonly range?: string | undefined;
}

/** A secondary index. */
export interface IndexDefinition {
  readonly name: string;
  readonly scope: 'global' | 'local';
  readonly key: KeySchema;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** The attributes that INCLUDE projects besides the keys. */
  readonly included: readonly string[];
}

/** Types that a key may have. */
export type KeyType = 'S' | 'N' | 'B';

/** A table's current definition. */
export interface TableDefinition {
  /** Its number in the store. */
  readonly id: number;
  readonly name: string;
  readonly key: KeySchema;
  /** The type of each key attribute of the table and its indexes. */
  readonly types: Readonly<Record<string, KeyType>>;
  readonly indexes: readonly IndexDefinition[];
  /** CreateTable's input with later updates applied; DescribeTable returns it. */
  readonly given: JsonObject;
  /** Milliseconds. */
  readonly createdAt: number;
  /**
   * Attribute with the epoch seconds after which an item expires. @default - items do not expire
   */
  readonly timeToLive?: string | undefined;
}
