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
  /** What INCLUDE has beside the keys. */
  readonly included: readonly string[];
}

/** Types that a key may have. */
export type KeyType = 'S' | 'N' | 'B';

/** A table as it stands. */
export interface TableDefinition {
  /** Its number in the store. */
  readonly id: number;
  readonly name: string;
  readonly key: KeySchema;
  /** The type of each key attribute of the table and its indexes. */
  readonly types: Readonly<Record<string, KeyType>>;
  readonly indexes: readonly IndexDefinition[];
  /** What CreateTable was given, as later changes have left it: DescribeTable shows it. */
  readonly given: JsonObject;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Attribute with the epoch seconds after which an item goes. @default - items stay */
  readonly timeToLive?: string | undefined;
}
