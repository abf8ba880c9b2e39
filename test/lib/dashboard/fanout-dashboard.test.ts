import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { consumers } from '../../../lib/consumers.ts';
import { createApp, synthesizeTemplate } from '../synthesize-app.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly query?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

/** What the dashboard of a template shows; references stand as `‹id›`. */
function widgetsIn(template: Template): readonly Widget[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const [, parts] = (dashboard?.Properties.DashboardBody['Fn::Join'] ?? ['', []]) as [
    string,
    unknown[],
  ];
  const text = parts
    .map((part) =>
      typeof part === 'string'
        ? part
        : `‹${JSON.stringify(part)
            .replace(/[^\w]+/g, ' ')
            .trim()}›`,
    )
    .join('');
  return JSON.parse(text).widgets;
}

const { stack } = createApp({ dashboard: 'on' });
stack.fanout.addConsumer('later', { kind: 'queue', summary: 'Later', categories: ['calls'] });
const template = Template.fromStack(stack);
const widgets = widgetsIn(template);

const titled = (title: string) => {
  const found = widgets.find(({ properties }) => properties.title?.startsWith(title));
  return JSON.stringify(found?.properties.metrics ?? `no ${title}`);
};

describe('the dashboard', () => {
  test('counts the events of each type from the log of ingest', () => {
    const queries = widgets.flatMap(({ type, properties }) =>
      type === 'log' ? [properties.query] : [],
    );
    expect(queries).toHaveLength(2);
    for (const query of queries) {
      expect(query).toMatch(
        /^SOURCE '\/aws\/lambda\/whatsapp-dev-ingest' \| filter ispresent\(Accepted\)/,
      );
      expect(query).toMatch(/sum\(Accepted\) as events by (bin\(5m\), )?Type/);
    }
  });

  test.each([...Object.entries(consumers)])(
    'shows for %s its events, their age, failed attempts and dead-letter messages',
    (name, { kind }) => {
      expect(titled('Events for each consumer')).toContain(`"label":"${name}"`);
      expect(titled('Oldest event')).toContain(`"label":"${name}"`);
      expect(titled('Dead-letter messages')).toContain(`"label":"${name}"`);
      if (kind !== 'function') {
        return;
      }
      expect(titled('From webhook to consumer')).toContain(`"label":"${name} p99"`);
      expect(titled('Failed attempts')).toContain(`"label":"${name} crashed"`);
    },
  );

  test('includes a consumer that was added after those of the table', () => {
    expect(titled('Events for each consumer')).toContain('"label":"later"');
  });

  test('shows every alarm', () => {
    const { alarms = [] } = widgets.find(({ type }) => type === 'alarm')?.properties ?? {};
    const all = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map((arn) => arn.split(':alarm:')[1]).sort()).toEqual(
      all.map(({ Properties }) => Properties.AlarmName).sort(),
    );
  });

  test.each([
    ['Webhooks by response', ['unauthorized', 'unavailable', 'internal', 'Throttled', '5xx']],
    ['Duplicates and claim checks', ['duplicate', 'other-type', 'conflict', 'ClaimChecks']],
    ['Unrecognized', ['Unrecognized', 'UnknownEvents', 'UnknownFields']],
    ['Events in queues that should be empty', ['Spilled', 'undeliverable', 'unrouted']],
    ['Sessions offline', ['SessionsOffline']],
  ])('%s', (title, shown) => {
    for (const each of shown) {
      expect(titled(title)).toContain(each);
    }
  });

  test('has no more than the 500 metrics that one widget may show', () => {
    for (const { properties } of widgets) {
      expect(properties.metrics?.length ?? 0).toBeLessThanOrEqual(500);
    }
  });

  test('is created only with its setting on, since it costs as much as all other fixed costs', () => {
    synthesizeTemplate().resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});
