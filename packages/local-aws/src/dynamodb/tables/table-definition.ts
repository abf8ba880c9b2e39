import type { JsonObject } from '../../aws-service.ts';
import { invalid, invalidValue } from '../dynamo-error.ts';

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

/** A table as CreateTable's input declares it, checked. */
export function readTable(input: JsonObject): Pick<TableDefinition, 'key' | 'types' | 'indexes'> {
  const types = readTypes(input.AttributeDefinitions);
  const key = readKey(input.KeySchema, types);
  const indexes = [
    ...listOf(input.LocalSecondaryIndexes).map((each) => readIndex(each, 'local', types)),
    ...listOf(input.GlobalSecondaryIndexes).map((each) => readIndex(each, 'global', types)),
  ];
  const names = new Set(indexes.map(({ name }) => name));
  if (names.size < indexes.length) {
    throw invalidValue('Duplicate index name: index names must be unique in a table');
  }
  for (const { name, scope, key: indexKey } of indexes) {
    if (scope === 'local' && indexKey.hash !== key.hash) {
      throw invalidValue(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}`,
      );
    }
  }
  expectAllUsed(types, [key, ...indexes.map((index) => index.key)]);
  return { key, types, indexes };
}

/** One index of a request, checked against the attributes that the request defines. */
export function readIndex(
  input: JsonObject,
  scope: IndexDefinition['scope'],
  types: Readonly<Record<string, KeyType>>,
): IndexDefinition {
  const name = checkName(input.IndexName, 'indexName');
  const { ProjectionType = 'ALL', NonKeyAttributes } = (input.Projection ?? {}) as JsonObject;
  if (ProjectionType !== 'ALL' && ProjectionType !== 'KEYS_ONLY' && ProjectionType !== 'INCLUDE') {
    throw invalidValue(`Unknown ProjectionType: ${String(ProjectionType).slice(0, 64)}`);
  }
  return {
    name,
    scope,
    key: readKey(input.KeySchema, types),
    projection: ProjectionType,
    included: Array.isArray(NonKeyAttributes) ? NonKeyAttributes.map(String) : [],
  };
}

/** The key types that a request defines. */
export function readTypes(input: unknown): Readonly<Record<string, KeyType>> {
  const types = listOf(input).map(({ AttributeName, AttributeType }) => {
    if (AttributeType !== 'S' && AttributeType !== 'N' && AttributeType !== 'B') {
      throw invalidValue(
        `Value '${String(AttributeType).slice(0, 64)}' at 'attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]`,
      );
    }
    return [String(AttributeName), AttributeType] as const;
  });
  return Object.fromEntries(types);
}

/** A table's or an index's name. */
export function checkName(input: unknown, member: 'tableName' | 'indexName'): string {
  if (typeof input === 'string' && /^[a-zA-Z0-9_.-]{3,255}$/.test(input)) {
    return input;
  }
  throw invalid(
    `1 validation error detected: Value '${String(input ?? 'null').slice(0, 64)}' at '${member}' failed to satisfy constraint: Member must have 3 to 255 characters of a-z, A-Z, 0-9, _, - and .`,
  );
}

function readKey(input: unknown, types: Readonly<Record<string, KeyType>>): KeySchema {
  const members = listOf(input);
  const named = (type: string) => {
    const name = members.find(({ KeyType }) => KeyType === type)?.AttributeName;
    return name === undefined ? undefined : String(name);
  };
  const hash = named('HASH');
  const range = named('RANGE');
  if (hash === undefined || members.length !== (range === undefined ? 1 : 2)) {
    throw invalidValue(
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type, or there are others than one HASH and one RANGE',
    );
  }
  for (const name of [hash, range]) {
    if (name !== undefined && !Object.hasOwn(types, name)) {
      throw invalidValue(
        `Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${Object.keys(types).join(', ')}]`,
      );
    }
  }
  return { hash, range };
}

function expectAllUsed(types: Readonly<Record<string, KeyType>>, keys: readonly KeySchema[]): void {
  const used = new Set(keys.flatMap(({ hash, range }) => [hash, range]));
  if (Object.keys(types).some((name) => !used.has(name))) {
    throw invalidValue(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
}

/** The members of a list in a request; none where it is missing or no list. */
export const listOf = (input: unknown): readonly JsonObject[] =>
  Array.isArray(input) ? (input as JsonObject[]) : [];
