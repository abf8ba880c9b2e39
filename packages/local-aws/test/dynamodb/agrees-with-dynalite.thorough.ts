import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import fc from 'fast-check';
import { AwsError, type JsonObject } from '../../src/aws-service.ts';
import { memoryDynamoDb } from './memory-dynamo-db.ts';

/**
 * dynalite is another implementation of DynamoDB, checked by its authors against the real one. Both
 * must answer any sequence of requests to a table in the same way.
 */
const other = dynalite({ createTableMs: 0, deleteTableMs: 0 });
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
});

afterAll(async () => {
  other.closeAllConnections();
  await new Promise<void>((resolve) => other.close(() => resolve()));
});

const ours = memoryDynamoDb();

/** The result of either: the response, or the error's name. */
type Printed = JsonObject | string;

async function ask(action: string, input: JsonObject): Promise<readonly [Printed, Printed]> {
  const mine = ours.call(action, JSON.parse(JSON.stringify(input))).catch((error: unknown) => {
    if (error instanceof AwsError) {
      return error.code;
    }
    throw error;
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${action}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as JsonObject;
  return [await mine, response.ok ? body : (String(body.__type).split('#').at(-1) ?? '')];
}

async function untilActive(TableName: string): Promise<void> {
  const [, theirs] = await ask('Scan', { TableName, Limit: 1 });
  if (typeof theirs === 'string') {
    return untilActive(TableName);
  }
}

const table: JsonObject = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'p', AttributeType: 'S' },
    { AttributeName: 's', AttributeType: 'N' },
    { AttributeName: 'g', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'p', KeyType: 'HASH' },
    { AttributeName: 's', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-g',
      KeySchema: [
        { AttributeName: 'g', KeyType: 'HASH' },
        { AttributeName: 's', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

// Few keys and few values, so that requests meet.
const partition = fc.constantFrom('one', 'two');
const sort = fc.constantFrom('-12.5', '-1', '0', '3', '3.5', '1000', '1e-7', '2E+30');
const scalar = fc.oneof(
  // No empty text: dynalite treats it as a missing attribute in attribute_type and similar
  // functions.
  fc.constantFrom('a', 'ab', 'é', '😀').map((S) => ({ S })),
  sort.map((N) => ({ N })),
  fc.constantFrom('AA==', 'AAE=', '/w==').map((B) => ({ B })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
);
const value: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }).map((L) => ({ L })),
  fc.dictionary(fc.constantFrom('x', 'y'), scalar).map((M) => ({ M })),
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((SS) => ({ SS: SS.sort() })),
  fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1 }).map((NS) => ({ NS: NS.sort() })),
);
const key = fc.record({ p: partition.map((S) => ({ S })), s: sort.map((N) => ({ N })) });
const attribute = fc.constantFrom('a', 'b', 'm.x', 'l[0]', 'l[1]');
const condition: fc.Arbitrary<string> = fc.letrec<{ test: string; full: string }>((tie) => ({
  test: fc.oneof(
    attribute.map((name) => `attribute_exists(${name})`),
    attribute.map((name) => `attribute_not_exists(${name})`),
    fc.tuple(attribute, fc.constantFrom('=', '<>')).map(([name, sign]) => `${name} ${sign} :v`),
    attribute.map((name) => `contains(${name}, :v)`),
    attribute.map((name) => `size(${name}) > :n`),
    attribute.map((name) => `${name} IN (:v, :n)`),
    attribute.map((name) => `${name} > :n`),
    attribute.map((name) => `${name} BETWEEN :n AND :n`),
    attribute.map((name) => `attribute_type(${name}, :t)`),
  ),
  full: fc.oneof(
    { maxDepth: 2 },
    tie('test'),
    fc.tuple(tie('full'), tie('full')).map(([a, b]) => `(${a}) AND ${b}`),
    fc.tuple(tie('full'), tie('full')).map(([a, b]) => `${a} OR ${b}`),
    tie('test').map((test) => `NOT ${test}`),
  ),
})).full;
const update = fc.constantFrom(
  'SET a = :v',
  'SET a = :v, b = :n',
  'SET a = a + :n',
  'SET b = if_not_exists(b, :n) - :n',
  'SET l = list_append(if_not_exists(l, :l), :l)',
  'SET l[0] = :v',
  'SET m = :v REMOVE a',
  'SET m.x = :v',
  'REMOVE b, l[0]',
  'ADD b :n',
  'ADD c :t2 REMOVE a',
  'DELETE c :t2',
  'SET g = :t',
  'REMOVE g',
  'SET p = :v',
  'SET a = :v, a = :n',
);

const request = fc.oneof(
  fc.record({
    action: fc.constant('PutItem'),
    item: fc.tuple(
      key,
      fc.dictionary(fc.constantFrom('a', 'b', 'm', 'l', 'c'), value),
      fc.option(fc.constantFrom('red', 'blue')),
    ),
    condition: fc.option(condition, { nil: undefined }),
  }),
  fc.record({
    action: fc.constant('UpdateItem'),
    key,
    update,
    condition: fc.option(condition, { nil: undefined }),
    returns: fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'),
  }),
  fc.record({
    action: fc.constant('DeleteItem'),
    key,
    condition: fc.option(condition, { nil: undefined }),
  }),
  fc.record({
    action: fc.constant('GetItem'),
    key,
    projection: fc.constantFrom('a, m.x', 'l[1], s'),
  }),
  fc.record({
    action: fc.constant('Query'),
    index: fc.boolean(),
    range: fc.constantFrom(
      '',
      ' AND s > :n',
      ' AND s <= :n',
      ' AND s BETWEEN :n AND :n2',
      ' AND s = :n',
    ),
    filter: fc.option(condition, { nil: undefined }),
    limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    backwards: fc.boolean(),
    partition,
  }),
);
type Request = typeof request extends fc.Arbitrary<infer Each> ? Each : never;

test('Any sequence of requests to a table is answered as dynalite answers it', async () => {
  let tables = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(request, value, sort, sort), { minLength: 3, maxLength: 25 }),
      async (requests) => {
        const TableName = `table-${++tables}`;
        await ask('CreateTable', { TableName, ...table });
        await untilActive(TableName);
        for (const [each, v, n, n2] of requests) {
          const [action, input] = written(each, { v, n, n2 });
          const [mine, theirs] = await ask(action, { TableName, ...input });
          expect({ action, input, answer: inOrder(mine) }).toEqual({
            action,
            input,
            answer: inOrder(theirs),
          });
        }
        await ask('DeleteTable', { TableName });
      },
    ),
    // The same histories at each run by default, because dynalite has faults of its own.
    { numRuns: 150, seed: Number(process.env.SEED ?? 20_261_122) },
  );
});

function written(
  each: Request,
  { v, n, n2 }: { readonly v: JsonObject; readonly n: string; readonly n2: string },
): readonly [string, JsonObject] {
  const all: Record<string, JsonObject> = {
    ':v': v,
    ':n': { N: n },
    ':n2': { N: n2 },
    ':l': { L: [v] },
    ':t': { S: 'S' },
    ':t2': { SS: ['a', 'b'] },
    ':p': { S: 'one' },
  };
  const withValues = (input: JsonObject): JsonObject => {
    const text = Object.entries(input)
      .filter(([name]) => name.endsWith('Expression'))
      .map(([, expression]) => expression)
      .join(' ');
    const used = new Set(text.match(/:[a-z0-9]+/g) ?? []);
    const values = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
    return used.size > 0 ? { ...input, ExpressionAttributeValues: values } : input;
  };
  const test = 'condition' in each && each.condition ? { ConditionExpression: each.condition } : {};
  if ('item' in each) {
    const [Key, rest, g] = each.item;
    const Item = { ...rest, ...Key, ...(g ? { g: { S: g } } : {}) };
    return [each.action, withValues({ Item, ReturnValues: 'ALL_OLD', ...test })];
  }
  if ('update' in each) {
    return [
      each.action,
      withValues({
        Key: each.key,
        UpdateExpression: each.update,
        ReturnValues: each.returns,
        ...test,
      }),
    ];
  }
  if ('projection' in each) {
    return [each.action, { Key: each.key, ProjectionExpression: each.projection }];
  }
  if (!('range' in each)) {
    return [each.action, withValues({ Key: each.key, ReturnValues: 'ALL_OLD', ...test })];
  }
  all[':p'] = { S: each.index ? 'red' : each.partition };
  return [
    each.action,
    withValues({
      ...(each.index ? { IndexName: 'by-g' } : {}),
      KeyConditionExpression: `${each.index ? 'g' : 'p'} = :p${each.range}`,
      ...(each.filter ? { FilterExpression: each.filter } : {}),
      ...(each.limit ? { Limit: each.limit } : {}),
      ScanIndexForward: !each.backwards,
    }),
  ];
}

/** Sets have no order. dynalite returns an empty map where there are no attributes. */
function inOrder(printed: unknown): unknown {
  if (Array.isArray(printed)) {
    return printed.map(inOrder);
  }
  if (typeof printed !== 'object' || printed === null) {
    return printed;
  }
  return Object.fromEntries(
    Object.entries(printed)
      .filter(([name, each]) => name !== 'Attributes' || Object.keys(each).length > 0)
      .map(([name, each]) => [
        name,
        name === 'SS' || name === 'NS' ? [...(each as string[])].sort() : inOrder(each),
      ]),
  );
}
