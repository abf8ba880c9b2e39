import { compilePattern, RuleIndex } from '@event-fanout/event-pattern';
import type { Arns } from '../arns.ts';
import type { Route } from '../delivery/delivery.ts';
import { type Resources, targetScope } from '../resources/resources.ts';

/** A rule of a bus, ready for events. */
export interface ReadyRule {
  readonly name: string;
  readonly arn: string;
  readonly routes: readonly Route[];
  /** The archive that the rule feeds, if it is an archive's own. */
  readonly archive?: string;
}

/** The name of the rule by which an archive receives its bus's events. */
export const archiveRuleName = (archive: string) => `Events-Archive-${archive}`;

/** The enabled rules of each bus, kept ready until something about them changes. */
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
