import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IdempotencyTable, maxVariants } from '../../../lambdas/runtime/idempotency-table.ts';
import { clientWith, createIdTable, type Fate, itemsOf } from '../in-process-table.ts';

const leaseMs = 1_000;
const retentionMs = 60_000;
const clock = { now: 1_780_000_000_000 };
const tableName = await createIdTable();

let serial = 0;
const newKey = () => ({ id: `fact-${serial++}` });
const tableWith = (fateOf?: () => Fate) =>
  new IdempotencyTable({
    ...{ client: clientWith(fateOf), tableName, leaseMs, retentionMs },
    now: () => clock.now,
  });
const table = tableWith();
const variantOf = (key: { id: string }, variant = 'v') => ({ key, variant, data: variant });

describe('a record', () => {
  test('is acquired by exactly one of many simultaneous attempts', async () => {
    const key = newKey();
    const attempts = await Promise.all(
      Array.from({ length: 20 }, () => table.acquire(variantOf(key))),
    );
    expect(attempts.filter(({ isAcquired }) => isAcquired)).toHaveLength(1);
  });

  test('is not acquired during its lease or after it was completed', async () => {
    const key = newKey();
    const { holding } = await table.acquire(variantOf(key));
    clock.now += leaseMs - 1;
    expect(await table.acquire(variantOf(key))).toMatchObject({
      isAcquired: false,
      records: [{ status: 'INPROGRESS' }],
    });
    expect(await table.complete(holding)).toBe(true);
    clock.now += leaseMs;
    expect(await table.acquire(variantOf(key))).toMatchObject({
      isAcquired: false,
      records: [{ status: 'COMPLETED' }],
    });
  });

  test('whose lease has ended is acquired by one attempt, and its former holder cannot change it', async () => {
    const key = newKey();
    const { holding } = await table.acquire(variantOf(key));
    clock.now += leaseMs;
    expect(await table.acquire(variantOf(key), { acquiresAfterLease: false })).toMatchObject({
      isAcquired: false,
    });
    const attempts = await Promise.all([1, 2, 3].map(() => table.acquire(variantOf(key))));
    expect(attempts.filter(({ isAcquired }) => isAcquired)).toHaveLength(1);
    expect(await table.complete(holding)).toBe(false);
    expect(await table.release(holding)).toBe(false);
  });

  test('that was released can be acquired at once, and keeps its position', async () => {
    const key = newKey();
    const { holding } = await table.acquire(variantOf(key, 'first'));
    await table.acquire(variantOf(key, 'second'));
    await table.release(holding);
    const again = await table.acquire(variantOf(key, 'first'), { acquiresAfterLease: false });
    expect(again.isAcquired).toBe(true);
    expect(again.records.map(({ variant }) => variant)).toEqual(['first', 'second']);
  });

  test('is ignored once it has expired, even if DynamoDB has not removed it', async () => {
    const key = newKey();
    const { holding } = await table.acquire(variantOf(key, 'old'));
    await table.complete(holding);
    clock.now += leaseMs + retentionMs;
    const other = await table.acquire(variantOf(key, 'new'));
    expect(other.records.map(({ variant }) => variant)).toEqual(['new']);
    expect((await table.acquire(variantOf(key, 'old'))).isAcquired).toBe(true);
    const item = (await itemsOf(tableName)).find(({ id }) => id?.S === key.id);
    expect(Number(item?.expiresAt?.N)).toBe(Math.ceil((clock.now + leaseMs + retentionMs) / 1_000));
  });

  test('is recognized as its own if the response was lost and the SDK has retried the write', async () => {
    const key = newKey();
    const losing = tableWith(() => 'sent-again');
    const { isAcquired, holding } = await losing.acquire(variantOf(key));
    expect(isAcquired).toBe(true);
    expect((await losing.acquire(variantOf(key))).isAcquired).toBe(false);
    expect(await losing.complete(holding)).toBe(true);
  });

  test('of an attempt without a response can be completed with its token', async () => {
    const key = newKey();
    const token = 'mine';
    await expect(
      tableWith(() => 'answer-lost').acquire(variantOf(key), { token }),
    ).rejects.toThrow();
    expect((await table.acquire(variantOf(key))).isAcquired).toBe(false);
    expect((await table.acquire(variantOf(key), { token })).isAcquired).toBe(true);
    expect(await table.complete({ key, variant: 'v', token })).toBe(true);
  });

  test('is in an item of limited size; further records have items of their own', async () => {
    const key = newKey();
    const all = Array.from({ length: maxVariants + 3 }, (_, index) => `v${index}`);
    for (const variant of all) {
      const { isAcquired, records } = await table.acquire(variantOf(key, variant));
      expect([isAcquired, records.at(-1)?.variant]).toEqual([true, variant]);
      expect((await table.acquire(variantOf(key, variant))).isAcquired).toBe(false);
    }
    const item = (await itemsOf(tableName)).find(({ id }) => id?.S === key.id);
    expect(item?.order?.L).toHaveLength(maxVariants);
  });
});

test('of simultaneous attempts with any variants sees the earlier ones in one order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }),
      async (all) => {
        const key = newKey();
        const seen = await Promise.all(
          all.map(async (variant) => (await table.acquire(variantOf(key, variant))).records),
        );
        const orders = seen.map((records) => records.map(({ variant }) => variant));
        const max = orders.reduce((one, other) => (other.length > one.length ? other : one), []);
        for (const order of orders) {
          expect(max.slice(0, order.length)).toEqual(order);
        }
        expect(max.toSorted()).toEqual([...new Set(all)].sort());
      },
    ),
    { numRuns: 50 },
  );
});
