import { eventSource } from '../../../events/names.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import type { Route } from '../console-context.ts';
import { readText } from '../http/read-request.ts';
import { explainRules, type RuleExplanation } from '../trace/explain-rules.ts';

/** The result that ingest would have for a body. */
export interface PreviewAnswer {
  /** The parser's error message, if the body is not JSON. */
  readonly mistake?: string;
  readonly events: readonly {
    readonly type: string;
    readonly key: string;
    /** The values that do not match the type's schema. */
    readonly issues: readonly {
      readonly path: string;
      readonly expected: string;
      readonly received: string;
    }[];
    /** Why it is not recognized. */
    readonly reason?: string;
    readonly data: unknown;
    readonly rules: readonly RuleExplanation[];
  }[];
  /** Fields of the payload that the catalog does not know. */
  readonly unknownFields: readonly string[];
}

/** `POST preview`: normalizes a body as ingest does, and matches it with the rules. Sends nothing. */
export const preview: Route = async ({ view }, { body: requested }): Promise<PreviewAnswer> => {
  const body = readText(requested, 'body');
  const mistake = mistakeIn(body);
  const request = { receivedAt: new Date(), requestId: 'preview' };
  const { events, drift } = normalizeWebhook(Buffer.from(body), request);
  const pipeline = await view.pipeline();
  return {
    ...(mistake !== undefined && { mistake }),
    events: events.map((envelope) => {
      const { meta, data } = envelope;
      const { reason, issues = [] } = (meta.type === 'unrecognized' ? data : {}) as {
        reason?: string;
        issues?: PreviewAnswer['events'][number]['issues'];
      };
      const text = JSON.stringify({
        ...{ version: '0', id: 'preview', 'detail-type': meta.type, source: eventSource },
        ...{ account: '', time: meta.occurredAt, region: '', resources: [], detail: envelope },
      });
      const rules = explainRules(text, pipeline);
      return { type: meta.type, key: meta.id, issues, reason, data, rules };
    }),
    unknownFields: drift.unknownFields.map(({ path }) => path),
  };
};

function mistakeIn(body: string): string | undefined {
  try {
    JSON.parse(body);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
