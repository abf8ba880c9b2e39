import { describe, expect, test } from '@jest/globals';
import { statusOf } from '../../../lambdas/ingest/responses.ts';
import { keptTemplate } from '../kept-template.ts';

/** The patterns of the metric filters that count failed webhooks, by the end of the name of their log group. */
async function patternsOf(context: Record<string, unknown>) {
  const { Resources } = await keptTemplate(context);
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    const [transformation] = (Properties.MetricTransformations ?? []) as { MetricName: string }[];
    if (Type !== 'AWS::Logs::MetricFilter' || transformation?.MetricName !== 'FailedWebhooks-dev') {
      return [];
    }
    const { Ref: group = '' } = Properties.LogGroupName as { Ref?: string };
    return [
      { isOfAccessLog: group.includes('AccessLogs'), pattern: `${Properties.FilterPattern}` },
    ];
  });
}

/** Whether a filter pattern with one kind of operator matches a line (CloudWatch Logs User Guide, "Filter pattern syntax"). */
function isCounted(pattern: string, line: Readonly<Record<string, string>>): boolean {
  const conditions = [...pattern.matchAll(/\$\.([\w.]+) (!?=) "([^"]*)"/g)].map(
    ([, field = '', operator, value = '']) => {
      const text = line[field] ?? '';
      const isEqual = value.endsWith('*') ? text.startsWith(value.slice(0, -1)) : text === value;
      return isEqual === (operator === '=');
    },
  );
  return pattern.includes('||') ? conditions.some(Boolean) : conditions.every(Boolean);
}

describe.each([{}, { ingress: 'rest-api' }, { ingress: 'function-url' }])(
  'failed webhooks with the settings %j',
  (context) => {
    test('are those that ingest could not process, and not those that are being published', async () => {
      const [ofIngest, ...others] = (await patternsOf(context)).filter(
        (each) => !each.isOfAccessLog,
      );
      expect(others).toEqual([]);
      const counted = Object.keys(statusOf).filter((refusal) =>
        isCounted(ofIngest?.pattern ?? '', { 'message.refusal': refusal }),
      );
      const failures = Object.entries(statusOf).filter(([, status]) => status >= 500);
      expect([...counted, 'in-progress'].sort()).toEqual(failures.map(([name]) => name).sort());
    });
  },
);

describe.each([{}, { ingress: 'rest-api' }])(
  'failed webhooks in the access log with the settings %j',
  (context) => {
    test.each([
      ['ingest crashed, or could not be invoked', { status: '500', ingest: '-' }, true],
      ['Lambda throttled ingest', { status: '503', ingest: '-' }, true],
      ['ingest responded too late', { status: '504', ingest: '-' }, true],
      ['the API could not read the response of ingest', { status: '502', ingest: '202' }, true],
      ['another request publishes the event', { status: '503', ingest: '503' }, false],
      [
        'ingest could not process the webhook, which its log counts',
        { status: '500', ingest: '500' },
        false,
      ],
      ['the API throttled the request', { status: '429', ingest: '-' }, false],
      ['the webhook was accepted', { status: '202', ingest: '202' }, false],
    ])('%s', async (_, line, isFailure) => {
      const patterns = (await patternsOf(context)).filter(({ isOfAccessLog }) => isOfAccessLog);
      expect(patterns.map(({ pattern }) => isCounted(pattern, line))).toEqual([isFailure]);
    });
  },
);
