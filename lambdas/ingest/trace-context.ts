import { randomBytes } from 'node:crypto';
import { traceIdOf } from '../../events/traceparent.ts';
import type { IngestEvent } from './create-handler.ts';

/**
 * The trace that a webhook belongs to: the one that its sender, or a proxy on the way, has begun; where
 * there is none and the stage wants traces, a new one. Not signed, so good for looking things up only.
 */
export function traceparentOf({ headers }: IngestEvent, beginsTraces: boolean): string | undefined {
  const given = headers?.traceparent;
  if (traceIdOf(given)) return given;
  if (!beginsTraces) return undefined;
  // 01: recorded. Whoever traces decides for itself what it keeps.
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
