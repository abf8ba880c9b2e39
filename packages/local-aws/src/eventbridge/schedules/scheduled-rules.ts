import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Arns, Place } from '../arns.ts';
import type { Deliverer } from '../delivery/deliverer.ts';
import { writeEvent } from '../publishing/event-text.ts';
import { type Resources, type Rule, targetScope } from '../resources/resources.ts';
import type { Turns, UnitOfWork } from '../turn.ts';
import { readSchedule } from './schedule.ts';

/** The pause after an error of the store itself, such as a full disk. */
const storeErrorPauseMs = 1000;

/** The dependencies of schedules. */
export interface ScheduleParts {
  readonly clock: Clock;
  readonly place: Place;
  readonly arns: Arns;
  readonly resources: Resources;
  readonly turns: Turns;
  readonly deliverer: Deliverer;
}

/**
 * Triggers rules at their times. Times that pass while the local run is not up are left out, since
 * EventBridge knows no such time.
 */
export class ScheduledRules {
  readonly #parts: ScheduleParts;
  readonly #alarms = new Map<string, () => void>();
  #isStarted = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isStarted = true;
    for (const { bus, name } of this.#parts.resources.rules.all()) {
      this.changed(bus, name);
    }
  }

  stop(): void {
    this.#isStarted = false;
    for (const cancel of this.#alarms.values()) {
      cancel();
    }
    this.#alarms.clear();
  }

  /** To be called when a rule was created, changed or deleted. */
  changed(bus: string, name: string): void {
    const key = targetScope(bus, name);
    this.#alarms.get(key)?.();
    this.#alarms.delete(key);
    const rule = this.#parts.resources.rules.get(bus, name);
    if (!this.#isStarted || rule?.schedule === undefined || rule.state === 'DISABLED') {
      return;
    }
    const { clock } = this.#parts;
    const now = clock.now();
    const at = readSchedule(rule.schedule, rule.scheduledFrom ?? 0)?.next(now);
    if (at === undefined) {
      return;
    }
    this.#alarms.set(
      key,
      clock.after(at - now, () => this.#fire(rule, at)),
    );
  }

  #fire(rule: Rule, at: number): void {
    const { clock, turns } = this.#parts;
    try {
      turns.run((unit) => this.#trigger(unit, rule, at));
      this.changed(rule.bus, rule.name);
    } catch {
      const again = clock.after(storeErrorPauseMs, () => this.#fire(rule, at));
      this.#alarms.set(targetScope(rule.bus, rule.name), again);
    }
  }

  /** Sends the event of a schedule to the rule's own targets; no other rule receives it. */
  #trigger(unit: UnitOfWork, { bus, name }: Rule, at: number): void {
    const { arns, place, resources, deliverer, clock } = this.#parts;
    const ruleArn = arns.rule(bus, name);
    const id = randomUUID();
    const head = {
      id,
      detailType: 'Scheduled Event',
      source: 'aws.events',
      account: place.accountId,
      time: at,
      region: place.region,
      resources: [ruleArn],
    };
    const acceptedAt = Math.floor(clock.now());
    const text = writeEvent(head, '{}');
    const event = { id, bus, text, time: at, acceptedAt, forwarded: false };
    const { source, detailType } = head;
    unit.observations.push({
      kind: 'published',
      eventId: id,
      bus,
      source,
      detailType,
      rules: [name],
    });
    for (const target of resources.targets.list(targetScope(bus, name))) {
      deliverer.first(unit, event, { ruleArn, ruleName: name, target });
    }
  }
}
