import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromXrayHeader, toXrayHeader, traceIdOf } from '../../../events/traceparent.ts';
import { traceparentOf } from '../../../lambdas/ingest/handler.ts';
import { toEntry } from '../../../lambdas/ingest/publish.ts';
import { invocationTrace } from '../../../lambdas/runtime/publish.ts';

const request = (traceparent?: string) => ({ traceparent });
const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const header = 'Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1';

afterEach(() => {
  delete process.env.TRACING;
  delete process.env._X_AMZN_TRACE_ID;
});

/** What ingest puts on the bus for an event of this trace. */
const entryOf = (traceparent?: string) => {
  const meta = { type: 'message', occurredAt: '2026-01-01T12:00:00.000Z', traceparent };
  return toEntry({ meta: meta as never, detail: '{}' }, 'bus');
};

describe('the trace of a webhook', () => {
  test('of the sender is continued, with every value of the setting', () => {
    expect(traceparentOf(request(given), undefined)).toBe(given);
    expect(traceparentOf(request(given), given.replace('4bf9', '0000'))).toBe(given);
  });

  test('is that of the invocation if the request has none and the stage collects traces', () => {
    process.env._X_AMZN_TRACE_ID = `${header};Lineage=1:8b3d0b4f:0`;
    expect(traceparentOf(request(), invocationTrace())).toBeUndefined();
    process.env.TRACING = 'xray';
    expect(traceparentOf(request(), invocationTrace())).toBe(given);
  });

  test('with an invalid header is ignored', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(traceIdOf(text) === undefined);
        expect(traceparentOf(request(text), undefined)).toBeUndefined();
        expect(traceparentOf(request(text), given)).toBe(given);
      }),
    );
  });

  test('is passed through EventBridge and SQS only if the stage collects traces', () => {
    expect(entryOf(given)).not.toHaveProperty('TraceHeader');
    process.env.TRACING = 'otel';
    expect(entryOf(given)).toMatchObject({ TraceHeader: header });
    expect(entryOf()).not.toHaveProperty('TraceHeader');
  });
});

describe('X-Ray’s header', () => {
  test('is converted from a traceparent and back', () => {
    const hex = (length: number) =>
      fc.string({
        unit: fc.constantFrom(...'0123456789abcdef'),
        minLength: length,
        maxLength: length,
      });
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, isSampled) => {
        fc.pre(!/^0+$/.test(traceId) && !/^0+$/.test(spanId));
        const traceparent = `00-${traceId}-${spanId}-0${Number(isSampled)}`;
        expect(fromXrayHeader(toXrayHeader(traceparent))).toBe(traceparent);
      }),
    );
  });

  test('without a parent keeps its trace id, and its sampling decision', () => {
    const traceparent = fromXrayHeader('Sampled=0; Root=1-4bf92f35-77b34da6a3ce929d0e0e4736');
    expect(traceIdOf(traceparent)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(traceparent).toMatch(/-00$/);
  });

  test('of another form or length is ignored', () => {
    const almost = fc.constantFrom('Root=', '1-', ';', '=', 'Parent=', '4bf92f35', 'Self=');
    const text = fc.oneof(
      fc.string(),
      fc.array(almost).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (each) => {
        const traceparent = fromXrayHeader(each);
        expect(traceparent === undefined || traceIdOf(traceparent) !== undefined).toBe(true);
      }),
    );
    expect(fromXrayHeader(`${header};${'x'.repeat(500)}`)).toBeUndefined();
    expect(fromXrayHeader(header.replace('00f067aa0ba902b7', '0000000000000000'))).toBeUndefined();
  });
});
