import { randomUUID } from 'node:crypto';
import { compilePattern, RuleIndex, readEvent } from '@event-fanout/event-pattern';
import { type AcceptedEvent, DeliveryError, type Route } from './delivery/delivery.ts';
import type { Arns } from './resources.ts';
import { type Resources, targetScope } from './resources.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Which rules a replay sends events to. */
export interface ReplayFilter {
  readonly name: string;
  /** ARNs of rules; all rules of the bus when there are none. */
  readonly ruleArns: readonly string[];
}

/** What happens to a published event. */
interface PublisherPorts {
  /** Makes the first attempt of a delivery. */
  deliver(unit: UnitOfWork, event: AcceptedEvent, route: Route): void;
  archive(archive: string, event: AcceptedEvent): void;
}

/** Matches accepted events with the rules of their bus. */
export class Publisher {
  readonly #rules: BusRules;
  readonly #arns: Arns;
  readonly #ports: PublisherPorts;

  constructor(rules: BusRules, arns: Arns, ports: PublisherPorts) {
    this.#rules = rules;
    this.#arns = arns;
    this.#ports = ports;
  }

  /** Whether a rule of the bus compares numbers, so that their text is needed. */
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
    const matching = index
      .matching(parsed)
      .filter((rule) => !replay || isReplayTarget(replay, rule));
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
        this.#ports.archive(archive, event);
      }
      for (const route of routes) {
        this.#ports.deliver(unit, event, route);
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

/** A replay sends events to the rules that it names, or to all rules; never to an archive. */
const isReplayTarget = ({ ruleArns }: ReplayFilter, rule: { arn: string; archive?: string }) =>
  rule.archive === undefined && (ruleArns.length === 0 || ruleArns.includes(rule.arn));

/** A rule of a bus with its targets. */
interface ReadyRule {
  readonly name: string;
  readonly arn: string;
  readonly routes: readonly Route[];
  /** The archive that the rule feeds, if it is an archive's own. */
  readonly archive?: string;
}

/** The name of the rule by which an archive receives its bus's events. */
export const archiveRuleName = (archive: string) => `Events-Archive-${archive}`;

/** The enabled rules of each bus, compiled and cached until one of them changes. */
export class BusRules {
  readonly #resources: Resources;
  readonly #arns: Arns;
  readonly #ready = new Map<string, RuleIndex<ReadyRule> | undefined>();

  constructor(resources: Resources, arns: Arns) {
    this.#resources = resources;
    this.#arns = arns;
  }

  /** The rules of a bus; undefined when there is no such bus. */
  of(bus: string): RuleIndex<ReadyRule> | undefined {
    if (!this.#ready.has(bus)) {
      this.#ready.set(bus, this.#prepare(bus));
    }
    return this.#ready.get(bus);
  }

  /** To be called when the bus, one of its rules or one of their targets has changed. */
  changed(bus: string): void {
    this.#ready.delete(bus);
  }

  #prepare(bus: string): RuleIndex<ReadyRule> | undefined {
    if (!this.#resources.buses.get('', bus)) {
      return undefined;
    }
    const index = new RuleIndex<ReadyRule>();
    for (const rule of this.#resources.rules.list(bus)) {
      if (rule.state === 'DISABLED' || rule.pattern === undefined) {
        continue;
      }
      const { name } = rule;
      const arn = this.#arns.rule(bus, name);
      const targets = this.#resources.targets.list(targetScope(bus, name));
      const routes = targets.map((target) => ({ ruleArn: arn, ruleName: name, target }));
      const archive =
        rule.managedBy === undefined ? {} : { archive: name.replace(/^Events-Archive-/, '') };
      index.add({ name, arn, routes, ...archive }, compilePattern(rule.pattern));
    }
    return index;
  }
}

/** The parts of an event's JSON besides its detail. */
export interface EventHead {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly account: string;
  /** Epoch milliseconds; events carry integer seconds. */
  readonly time: number;
  readonly region: string;
  readonly resources: readonly string[];
}

const beforeId = '{"version":"0","id":"';
const uuidLength = 36;

/**
 * An event's JSON as AWS builds it. The detail is copied as text, so that no number loses digits.
 */
export function writeEvent(head: EventHead, detail: string): string {
  const { id, detailType, source, account, time, region, resources } = head;
  const text = (value: unknown) => JSON.stringify(value);
  return (
    `${beforeId}${id}","detail-type":${text(detailType)},"source":${text(source)},` +
    `"account":${text(account)},"time":"${isoSeconds(time)}","region":${text(region)},` +
    `"resources":${text(resources)},"detail":${escapeForQueues(detail)}}`
  );
}

/** The same event with another id, as a bus assigns it to an event from another bus. */
function withId(eventText: string, id: string): string {
  return beforeId + id + eventText.slice(beforeId.length + uuidLength);
}

/** The same event marked as replayed (User Guide, "Replaying archived events"). */
export function withReplayName(eventText: string, replayName: string): string {
  return `${eventText.slice(0, -1)},"replay-name":${JSON.stringify(replayName)}}`;
}

/** U+FFFE, U+FFFF and halves of surrogate pairs; only strings of a JSON text can have them. */
const unsendable = /[\ufffe\uffff\ud800-\udfff]/gu;

/**
 * SQS refuses characters that XML cannot represent; as JSON escapes they have the same meaning and
 * are accepted.
 */
function escapeForQueues(json: string): string {
  if (json.isWellFormed() && !json.includes('\ufffe') && !json.includes('\uffff')) {
    return json;
  }
  return json.replace(unsendable, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** A time as events carry it: `2026-01-31T23:59:59Z`. */
export const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
