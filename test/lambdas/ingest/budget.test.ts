import { describe, expect, test } from '@jest/globals';
import { clockToleranceMs, senderRetryMs, stepBudgetsMs } from '../../../lambdas/ingest/budget.ts';
import { ingestTimeout } from '../../../lib/ingest.ts';

/** Milliseconds that a REST API lets a function take, the least of all front doors. */
const apiMs = 29_000;

/** Milliseconds between two tries of WAHA. */
const retryMs = 2_000;

describe('the timeout of ingest', () => {
  const timeoutMs = ingestTimeout.toMilliseconds();

  test('is enough for all steps, even if each takes its maximum', () => {
    const all = Object.values(stepBudgetsMs).reduce((sum, each) => sum + each, 0);
    expect(all).toBeLessThanOrEqual(timeoutMs);
    expect(timeoutMs).toBeLessThan(apiMs);
  });

  test('ends before its records can be acquired again, and the sender retries at least twice after that', () => {
    const leaseMs = timeoutMs + clockToleranceMs;
    expect(leaseMs).toBeGreaterThan(timeoutMs);
    expect(leaseMs + 2 * retryMs).toBeLessThanOrEqual(senderRetryMs);
  });
});
