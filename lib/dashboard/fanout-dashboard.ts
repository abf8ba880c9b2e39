import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { DashboardParts } from './dashboard-parts.ts';
import {
  alarmWidget,
  answersWidget,
  consumerWidgets,
  duplicatesWidget,
  endsWidget,
  ingestWidget,
  kindsOverTimeWidget,
  kindsTableWidget,
  latencyWidget,
  sessionsWidget,
  strangeWidget,
} from './widgets.ts';

/** One page that says whether all works: made from the catalog and the table of consumers. */
export class FanoutDashboard extends Construct {
  constructor(scope: Construct, id: string, parts: DashboardParts) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      // All dashboards of an account are global (CloudWatch User Guide, "Using Amazon CloudWatch dashboards").
      dashboardName: `whatsapp-${parts.settings.stage}-${Stack.of(this).region}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        [alarmWidget(parts), sessionsWidget(parts)],
        [answersWidget(parts), kindsOverTimeWidget(parts), kindsTableWidget(parts)],
        [latencyWidget(parts), ingestWidget(parts), endsWidget(parts)],
        consumerWidgets(parts),
        [duplicatesWidget(parts), strangeWidget(parts)],
      ],
    });
  }
}
