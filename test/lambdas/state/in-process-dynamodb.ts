import { createRequire } from 'node:module';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { keyAttributes, timeIndex } from '../../../events/state/state-keys.ts';

type Input = Readonly<Record<string, unknown>>;
type Callback = (error: unknown, result: Input) => void;

interface Validation {
  readonly types: unknown;
  readonly custom: unknown;
}

const require = createRequire(import.meta.url);
const validations = require('dynalite/validations') as {
  checkTypes(data: unknown, types: unknown): unknown;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: unknown): void;
};
const { create } = require('dynalite/db') as { create(options: object): unknown };

/** dynalite's own code for an action, without HTTP in between: a thousand runs then take seconds. */
const actions = new Map(
  ['createTable', 'putItem', 'getItem', 'query', 'scan'].map((name) => [
    name.toLowerCase(),
    {
      run: require(`dynalite/actions/${name}`) as (
        store: unknown,
        data: unknown,
        callback: Callback,
      ) => void,
      validation: require(`dynalite/validations/${name}`) as Validation,
    },
  ]),
);

const store = create({ createTableMs: 0 });

function call(name: string, input: object): Promise<Input> {
  const action = actions.get(name.toLowerCase());
  if (!action) throw new Error(`The tests do not need ${name}.`);
  const { run, validation } = action;
  return new Promise((resolve, reject) => {
    const copy: unknown = JSON.parse(JSON.stringify(input));
    const data = validations.checkTypes(copy, validation.types);
    validations.checkValidations(data, validation.types, validation.custom, store);
    run(store, data, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** The part of the SDK's client that is used here, in front of dynalite. */
export const client = {
  async send(command: { readonly input: object }) {
    const name = command.constructor.name.replace(/Command$/, '');
    try {
      return await call(name, command.input);
    } catch (error) {
      const { __type = '' } = (error as { body?: { __type?: string } }).body ?? {};
      if (!__type.endsWith('#ConditionalCheckFailedException')) throw error;
      throw new ConditionalCheckFailedException({ message: __type, $metadata: {} });
    }
  },
} as unknown as DynamoDBClient;

let tables = 0;

/** A new state table, with the keys of the stack's. */
export async function createStateTable(): Promise<string> {
  const TableName = `state-${++tables}`;
  const { partition, sort, listPartition, listSort } = keyAttributes;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  await call('createTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [partition, sort, listPartition, listSort].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: key(partition, sort),
    GlobalSecondaryIndexes: [
      {
        IndexName: timeIndex,
        KeySchema: key(listPartition, listSort),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  while (!(await isActive(TableName))) await new Promise((resolve) => setImmediate(resolve));
  return TableName;
}

const isActive = (TableName: string) =>
  call('scan', { TableName, Limit: 1 }).then(
    () => true,
    () => false,
  );

/** All items of a table, by key. Only tests may scan. */
export async function dump(
  TableName: string,
): Promise<ReadonlyMap<string, Record<string, AttributeValue>>> {
  const { Items, LastEvaluatedKey } = await call('scan', { TableName });
  if (LastEvaluatedKey) throw new Error('More than one page: make the scenario smaller.');
  return new Map(
    (Items as Record<string, AttributeValue>[])
      .map((item) => [JSON.stringify([item.pk?.S, item.sk?.S]), item] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
