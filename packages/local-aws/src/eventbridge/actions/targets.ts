import type { JsonObject } from '../../aws-service.ts';
import type { Desk } from '../desk.ts';
import { limitExceeded } from '../eventbridge-error.ts';
import { cutPage, readSlice } from '../page.ts';
import { objectList, optionalFlag, textList } from '../request.ts';
import { targetScope } from '../resources/resources.ts';
import { readTarget } from './read-target.ts';
import { readRule, refuseManaged } from './rules.ts';

/** API reference, PutTargets: targets in one request. */
const MOST_IN_REQUEST = 100;
/** Quotas of EventBridge: targets per rule. */
const MOST_TARGETS = 5;

export function putTargets(desk: Desk, input: JsonObject): JsonObject {
  const rule = readRule(desk, input, 'Rule');
  refuseManaged(rule);
  const given = objectList(input, 'Targets', 1, MOST_IN_REQUEST).map(readTarget);
  const { targets } = desk.resources;
  const scope = targetScope(rule.bus, rule.name);
  const ids = new Set([...targets.list(scope), ...given].map(({ Id }) => Id));
  if (ids.size > MOST_TARGETS) throw limitExceeded();
  desk.turns.run(() => {
    for (const target of given)
      targets.put(scope, target.Id, { ...target, bus: rule.bus, rule: rule.name });
  });
  desk.rules.changed(rule.bus);
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function removeTargets(desk: Desk, input: JsonObject): JsonObject {
  const rule = readRule(desk, input, 'Rule');
  refuseManaged(rule, optionalFlag(input, 'Force'));
  const scope = targetScope(rule.bus, rule.name);
  for (const id of textList(input, 'Ids') ?? []) desk.resources.targets.delete(scope, id);
  desk.rules.changed(rule.bus);
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listTargetsByRule(desk: Desk, input: JsonObject): JsonObject {
  const rule = readRule(desk, input, 'Rule');
  const slice = readSlice(input);
  const found = desk.resources.targets.list(targetScope(rule.bus, rule.name), slice);
  const { shown, next } = cutPage(found, slice, ({ Id }) => Id);
  return { Targets: shown.map(({ bus: _, rule: __, ...target }) => target), ...next };
}
