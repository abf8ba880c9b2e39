import { Duration } from 'aws-cdk-lib';
import { ConcreteWidget, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IngressMetrics } from '../alarms/metrics.ts';
import type { ConsumerParts } from '../consumer-kinds/consumer-context.ts';
import type { ConsumerRow } from '../consumer-row.ts';
import type { Settings } from '../settings.ts';

/** A consumer, as far as the dashboard shows it. */
export interface ShownConsumer extends ConsumerParts {
  /** As it was written. */
  readonly row: ConsumerRow;
}

/** What the dashboard is made of. */
export interface DashboardParts {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** What takes webhooks in. */
  readonly ingress: IngressMetrics;
  /** The function behind the endpoint. */
  readonly ingest: IFunction;
  /** Holds what the bus refused. */
  readonly spill: IQueue;
  /** Holds what EventBridge could not deliver. */
  readonly undeliverable: IQueue;
  /** Holds events that no consumer subscribes to. */
  readonly unrouted: IQueue;
  /** The consumers by name: those that are there when the template is made. */
  readonly consumers: () => ReadonlyMap<string, ShownConsumer>;
  /** The alarms: those that are there when the template is made. */
  readonly alarms: () => readonly IAlarm[];
}

/** How long one point of a graph is. */
export const graphPeriod = Duration.minutes(5);

/** A widget that is made when the template is: consumers may be added until then. */
export class LazyWidget extends ConcreteWidget {
  readonly #make: (size: { readonly width: number; readonly height: number }) => ConcreteWidget;

  constructor(
    width: number,
    height: number,
    make: (size: { readonly width: number; readonly height: number }) => ConcreteWidget,
  ) {
    super(width, height);
    this.#make = make;
  }

  override toJson(): unknown[] {
    const { width, height } = this;
    const widget = this.#make({ width, height });
    widget.position(this.x ?? 0, this.y ?? 0);
    return widget.toJson();
  }
}
