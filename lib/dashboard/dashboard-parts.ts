import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Consumer } from '../consumer.ts';
import type { Settings } from '../settings.ts';

/** What the dashboard is made of. */
export interface DashboardParts {
  readonly settings: Settings;
  readonly ingest: IFunction;
  readonly spill: IQueue;
  readonly undeliverable: IQueue;
  readonly unrouted: IQueue;
  /** The consumers by name, and the alarms: those that are there when the template is made. */
  readonly consumers: () => ReadonlyMap<string, Consumer>;
  readonly alarms: () => readonly IAlarm[];
}

/** How long one point of a graph is. */
export const graphPeriod = Duration.minutes(5);
