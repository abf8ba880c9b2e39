import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { traceIdOf } from '../../../events/traceparent.ts';
import { traceparentOf } from '../../../lambdas/ingest/handler.ts';

const request = (traceparent?: string) => ({ traceparent });
const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('a trace that was begun before goes on, whatever the setting says', () => {
  expect(traceparentOf(request(given), false)).toBe(given);
  expect(traceparentOf(request(given), true)).toBe(given);
});

test('without one, a trace begins only where the stage wants traces', () => {
  expect(traceparentOf(request(), false)).toBeUndefined();
  const first = traceparentOf(request(), true);
  expect(traceIdOf(first)).toMatch(/^[0-9a-f]{32}$/);
  expect(traceparentOf(request(), true)).not.toBe(first);
});

test('a header that is no traceparent is as good as none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(traceIdOf(text) === undefined);
      expect(traceparentOf(request(text), false)).toBeUndefined();
      expect(traceIdOf(traceparentOf(request(text), true))).toBeDefined();
    }),
  );
});
