import { randomUUID } from 'node:crypto';
import { readEvent } from '@event-fanout/event-pattern';
import type { Arns } from '../arns.ts';
import type { AcceptedEvent, Route } from '../delivery/delivery.ts';
import { DeliveryError } from '../delivery/delivery-error.ts';
import type { UnitOfWork } from '../turn.ts';
import type { BusRules } from './bus-rules.ts';
import { withId } from './event-text.ts';

/** Which rules a replay sends events to. */
export interface ReplayFilter {
  readonly name: string;
  /** ARNs of rules; all rules of the bus when there are none. */
  readonly ruleArns: readonly string[];
}

/** Publishes events on a bus: archives them and starts their deliveries. */
export interface Outlets {
  /** Makes the first attempt of a delivery. */
  deliver(unit: UnitOfWork, event: AcceptedEvent, route: Route): void;
  archive(archive: string, event: AcceptedEvent): void;
}

/** Matches accepted events with the rules of their bus. */
export class Publisher {
  readonly #rules: BusRules;
  readonly #arns: Arns;
  readonly #outlets: Outlets;

  constructor(rules: BusRules, arns: Arns, outlets: Outlets) {
    this.#rules = rules;
    this.#arns = arns;
    this.#outlets = outlets;
  }

  /** Some rule of the bus compares numbers, so that their text is needed. */
  readsNumbers(bus: string): boolean {
    return this.#rules.of(bus)?.readsNumbers ?? false;
  }

  /** Sends an event to the targets of all rules that match. `parsed` is its text, parsed. */
  publish(unit: UnitOfWork, event: AcceptedEvent, parsed: unknown, replay?: ReplayFilter): void {
    const index = this.#rules.of(event.bus);
    if (!index) {
      unit.observations.push({ kind: 'noSuchBus', eventId: event.id, bus: event.bus });
      return;
    }
    const matching = index.matching(parsed).filter((rule) => !replay || categories(replay, rule));
    const { source, 'detail-type': detailType } = parsed as { [name: string]: unknown };
    unit.observations.push({
      kind: 'published',
      eventId: event.id,
      bus: event.bus,
      source: String(source),
      detailType: String(detailType),
      rules: matching.flatMap(({ name, archive }) => (archive === undefined ? [name] : [])),
      ...(replay && { replay: replay.name }),
    });
    for (const { archive, routes } of matching) {
      if (archive !== undefined) {
        this.#outlets.archive(archive, event);
      }
      for (const route of routes) {
        this.#outlets.deliver(unit, event, route);
      }
    }
  }

  /**
   * Publishes an event on another bus. "EventBridge can't route events received from a sender event
   * bus to a third event bus" (User Guide, same-account buses), which also ends any loop.
   */
  forward(unit: UnitOfWork, event: AcceptedEvent, busArn: string): void {
    const bus = this.#arns.busName(busArn);
    if (!this.#rules.of(bus)) {
      throw new DeliveryError('NO_RESOURCE', `Event bus ${bus} does not exist.`, 'never');
    }
    if (event.forwarded) {
      throw new DeliveryError(
        'INVALID_PARAMETER',
        'EventBridge cannot route events received from another event bus to a third one.',
        'never',
      );
    }
    const id = randomUUID();
    const text = withId(event.text, id);
    this.publish(
      unit,
      { ...event, id, bus, text, forwarded: true },
      readEvent(text, this.readsNumbers(bus)),
    );
  }
}

/** Archives never receive replayed events, and a replay may name the rules that do. */
const categories = ({ ruleArns }: ReplayFilter, rule: { arn: string; archive?: string }) =>
  rule.archive === undefined && (ruleArns.length === 0 || ruleArns.includes(rule.arn));
