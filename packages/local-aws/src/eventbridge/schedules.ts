import { randomUUID } from 'node:crypto';
import { Cron } from 'croner';
import type { Clock } from '../clock.ts';
import type { Deliverer } from './delivery/deliverer.ts';
import { writeEvent } from './publisher.ts';
import type { Arns, Place } from './resources.ts';
import { type Resources, type Rule, targetScope } from './resources.ts';
import type { Transactions, UnitOfWork } from './unit-of-work.ts';

/** The pause after an error of the store itself, such as a full disk. */
const storeErrorPauseMs = 1000;

/** The dependencies of schedules. */
interface ScheduleParts {
  readonly clock: Clock;
  readonly place: Place;
  readonly arns: Arns;
  readonly resources: Resources;
  readonly transactions: Transactions;
  readonly deliverer: Deliverer;
}

/**
 * Triggers rules on their schedules. A time that passes while the local run is stopped is skipped;
 * EventBridge itself is never stopped.
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
    const { clock, transactions } = this.#parts;
    try {
      transactions.run((unit) => this.#trigger(unit, rule, at));
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
      deliverer.attemptFirst(unit, event, { ruleArn, ruleName: name, target });
    }
  }
}

/** When a rule is triggered. */
export interface Schedule {
  /** The first time after `time`, in epoch milliseconds; undefined when there is none. */
  next(time: number): number | undefined;
}

const unitMs: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

const ratePattern = /^rate\(([1-9]\d{0,8}) (minute|hour|day)(s?)\)$/;

/**
 * Reads `rate(5 minutes)` or `cron(0 18 ? * MON-FRI *)` (User Guide, "Rate expressions" and "Cron
 * expressions"); undefined when it is neither. A rate counts from `start`, the time at which the
 * rule was put; cron is in UTC.
 */
export function readSchedule(expression: string, start: number): Schedule | undefined {
  const [, value, unit = '', plural] = ratePattern.exec(expression) ?? [];
  // The unit of 1 is singular, that of any other value plural.
  if (value !== undefined && (value === '1') === (plural === '')) {
    return rate(Number(value) * (unitMs.get(unit) ?? 0), start);
  }
  const cron = /^cron\(([^()]{1,200})\)$/.exec(expression)?.[1];
  return cron === undefined ? undefined : readCron(cron);
}

const rate = (periodMs: number, start: number): Schedule => ({
  next: (time) => start + Math.max(1, Math.floor((time - start) / periodMs) + 1) * periodMs,
});

/** A list of values, ranges and steps: `1,15`, `MON-FRI`, `0/10`, `*`. */
function listOf(value: string, step = value): string {
  const part = `(?:\\*|${value}(?:-${value})?)(?:/${step})?`;
  return `${part}(?:,${part})*`;
}

const dayOfMonth = '(?:0?[1-9]|[12]\\d|3[01])';
const dayOfWeek = '(?:[1-7]|[A-Z]{3})';

/** The six fields as EventBridge writes them (User Guide, "Cron expressions"). */
const cronFields = new RegExp(
  `^${[
    listOf('[0-5]?\\d'),
    listOf('(?:[01]?\\d|2[0-3])'),
    `\\?|L|${dayOfMonth}W|${listOf(dayOfMonth)}`,
    listOf('(?:0?[1-9]|1[0-2]|[A-Z]{3})'),
    `\\?|L|${dayOfWeek}L|${dayOfWeek}#[1-5]|${listOf(dayOfWeek)}`,
    listOf('(?:19[7-9]|20\\d|21\\d)\\d', '\\d{1,3}'),
  ]
    .map((field) => `(${field})`)
    .join('\\s+')}$`,
  'i',
);

/**
 * Reads the six fields of a cron expression, in UTC; undefined when they are not valid. Croner's syntax
 * differs from EventBridge's in three ways: seconds come first, the last Friday is `FRI#L`, and years
 * have no bounds.
 */
function readCron(text: string): Schedule | undefined {
  const [, minute, hour, day = '', month, weekday = '', year = ''] =
    cronFields.exec(text.trim()) ?? [];
  // A value in one of the day fields demands `?` in the other.
  if ((day === '?') === (weekday === '?')) {
    return undefined;
  }
  const lastOrWeekday = weekday.toUpperCase() === 'L' ? '7' : weekday.replace(/L$/i, '#L');
  const boundedYear = year.replaceAll('*', '1970-2199').replace(/(^|,)(\d{4})\//g, '$1$2-2199/');
  const pattern = [0, minute, hour, day, month, lastOrWeekday, boundedYear].join(' ');
  let cron: Cron;
  try {
    cron = new Cron(pattern, {
      mode: '7-part',
      utcOffset: 0,
      // Sunday is 1.
      alternativeWeekdays: true,
      // `5/15` is 5, 20, 35, 50.
      sloppyRanges: true,
      domAndDow: true,
    });
  } catch {
    return undefined;
  }
  return { next: (time) => cron.nextRun(new Date(time))?.getTime() };
}
