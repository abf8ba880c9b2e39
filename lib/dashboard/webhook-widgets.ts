import {
  type ConcreteWidget,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Verdict } from '../../lambdas/ingest/deduplicate.ts';
import type { Refusal } from '../../lambdas/ingest/responses.ts';
import { counted } from '../alarms/metrics.ts';
import { type DashboardParts, graphPeriod as period } from './dashboard-parts.ts';

/** Why a request is refused. The compiler asks for a reason that is missing. */
const refusals: Readonly<Record<Refusal, string>> = {
  unauthorized: '401 not authentic',
  forbidden: '403 from another network',
  'not-found': '404 no such path',
  'not-a-post': '405 no POST',
  'too-large': '413 too large',
  unavailable: '503 try again',
  internal: '500 our fault',
};

/** What the ledger says of an event that was told before. */
const verdicts: Readonly<Record<Exclude<Verdict['kind'], 'new'>, string>> = {
  duplicate: 'duplicates',
  twin: 'twins (message and message.any)',
  conflict: 'conflicts',
  unavailable: 'ledger unavailable',
};

export function answersWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Webhooks by answer',
    left: [
      counted(stage, 'Accepted').with({ period, label: '2xx events taken' }),
      ...Object.entries(refusals).map(([Refusal, label]) =>
        counted(stage, 'Refused', { Refusal }).with({ period, label }),
      ),
    ],
  });
}

/** How many events of each kind came, as time goes by. */
export const kindsOverTimeWidget = (parts: DashboardParts): ConcreteWidget =>
  kindsWidget(parts, 'Events by kind, over time', LogQueryVisualizationType.STACKEDAREA, [
    'stats sum(Accepted) as events by bin(5m), Type',
  ]);

/** How many events of each kind came. */
export const kindsTableWidget = (parts: DashboardParts): ConcreteWidget =>
  kindsWidget(parts, 'Events by kind', LogQueryVisualizationType.TABLE, [
    'stats sum(Accepted) as events by Type',
    'sort events desc',
  ]);

/**
 * Read from the lines in which ingest counts: a metric of its own for each kind would cost $0.30 a month.
 * A query costs $0.005 for each GB of log that it looks at.
 */
function kindsWidget(
  parts: DashboardParts,
  title: string,
  view: LogQueryVisualizationType,
  steps: readonly string[],
): ConcreteWidget {
  return new LogQueryWidget({
    ...{ width: 8, height: 6, title, view },
    logGroupNames: [`/aws/lambda/whatsapp-${parts.settings.stage}-ingest`],
    queryLines: ['filter ispresent(Accepted)', ...steps],
  });
}

export function toldAgainWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 12,
    height: 6,
    title: 'Told again, and claim checks',
    left: [
      ...Object.entries(verdicts).map(([Verdict, label]) =>
        counted(stage, 'ToldAgain', { Verdict }).with({ period, label }),
      ),
      ...['raw', 'wire'].map((Part) =>
        counted(stage, 'ClaimChecks', { Part }).with({ period, label: `claim checks (${Part})` }),
      ),
    ],
  });
}

export function strangeWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 12,
    height: 6,
    title: 'Unrecognized events, and drift: what the catalog does not know',
    left: [
      counted(stage, 'Unrecognized').with({ period, label: 'unrecognized' }),
      new MathExpression({ ...search(stage, 'UnknownEvents', 'Event'), label: 'event' }),
      new MathExpression({ ...search(stage, 'UnknownFields', 'Field'), label: 'field' }),
    ],
  });
}

/** Every metric of a name, whatever its one dimension besides the stage says. */
function search(stage: string, metric: string, dimension: string) {
  const expression = `SEARCH('{WhatsAppEventFanout,Stage,${dimension}} MetricName="${metric}" Stage="${stage}"', 'Sum', ${period.toSeconds()})`;
  return { expression, period };
}
