import { Duration } from 'aws-cdk-lib';
import { ConcreteWidget, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IngressMetrics } from '../alarms/metrics.ts';
import type { ConsumerParts } from '../consumer-kinds/consumer-context.ts';
import type { ConsumerRow } from '../consumer-row.ts';
import type { Settings } from '../settings.ts';

/** The parts of a consumer that the dashboard shows. */
export interface ShownConsumer extends ConsumerParts {
  /** The consumer's row, as given. */
  readonly row: ConsumerRow;
}

/** The parts of the pipeline that the dashboard shows. */
export interface DashboardParts {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The endpoint that receives webhooks. */
  readonly ingress: IngressMetrics;
  /** The function behind the endpoint. */
  readonly ingest: IFunction;
  /** The queue of events that the bus refused. */
  readonly spill: IQueue;
  /** The queue of events that EventBridge could not deliver. */
  readonly undeliverable: IQueue;
  /** The queue of events that no consumer subscribes to. */
  readonly unrouted: IQueue;
  /** The consumers by name. Called when the template is synthesized, so that later consumers are included. */
  readonly consumers: () => ReadonlyMap<string, ShownConsumer>;
  /** The alarms. Called when the template is synthesized, so that later alarms are included. */
  readonly alarms: () => readonly IAlarm[];
}

/** The period of one point in a graph. */
export const graphPeriod = Duration.minutes(5);

/**
 * A widget whose content is created when the template is synthesized, because consumers may be added until
 * then.
 */
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
