import { Duration } from 'aws-cdk-lib';
import { ConcreteWidget, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
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
