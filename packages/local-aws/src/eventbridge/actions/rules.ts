import { compilePattern, InvalidEventPattern } from '@event-fanout/event-pattern';
import type { JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import {
  invalidEventPattern,
  limitExceeded,
  managedRule,
  notFound,
  optionalFlag,
  optionalText,
  pageOf,
  pageOfFound,
  readSlice,
  readTags,
  requiredText,
  type TextRule,
  validationError,
} from '../request.ts';
import { defaultBus, type Rule, targetScope } from '../resources.ts';
import { readSchedule } from '../schedules.ts';
import { busNameOrArn, findBus } from './buses.ts';

/** API reference, PutRule. */
const ruleName: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
const stateRule = {
  oneOf: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
};

/** Quotas of EventBridge: rules per event bus, event pattern size, rules containing wildcards. */
const maxRules = 300;
const maxPatternLength = 2048;
const maxWildcardRules = 30;

/** The bus and rule that a request names; `member` is what it calls the rule. */
export function readRule(
  context: EventBridgeContext,
  input: JsonObject,
  member: 'Name' | 'Rule',
): Rule {
  const name = requiredText(input, member, ruleName);
  const bus = findBus(context, optionalText(input, 'EventBusName', busNameOrArn));
  return findRule(context, bus.name, name);
}

function findRule(context: EventBridgeContext, bus: string, name: string): Rule {
  const rule = context.resources.rules.get(bus, name);
  if (!rule) {
    throw notFound(`Rule ${name} does not exist on EventBus ${bus}.`);
  }
  return rule;
}

/** An archive's rule can be changed only with `Force`. */
export function refuseManaged(rule: Rule, isForced = false): void {
  if (rule.managedBy !== undefined && !isForced) {
    throw managedRule(rule.name);
  }
}

export function putRule(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', ruleName);
  const bus = findBus(context, optionalText(input, 'EventBusName', busNameOrArn)).name;
  const pattern = optionalText(input, 'EventPattern', { min: 0, max: 4096 }) || undefined;
  const schedule = optionalText(input, 'ScheduleExpression', { min: 0, max: 256 }) || undefined;
  if (pattern === undefined && schedule === undefined) {
    throw validationError('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (schedule !== undefined) {
    checkSchedule(bus, schedule);
  }
  if (pattern !== undefined) {
    checkPattern(pattern);
  }
  const { rules, tags } = context.resources;
  const before = rules.get(bus, name);
  if (before) {
    refuseManaged(before);
  } else if (rules.list(bus).length >= maxRules) {
    throw limitExceeded();
  }
  if (pattern !== undefined && hasWildcard(pattern)) {
    checkWildcardRules(context, bus, name);
  }
  const given = readTags(input);
  const rule = {
    bus,
    name,
    state: optionalText(input, 'State', stateRule) ?? 'ENABLED',
    ...(pattern !== undefined && { pattern }),
    ...(schedule !== undefined && { schedule, scheduledFrom: context.now() }),
    ...optional('description', optionalText(input, 'Description', { min: 0, max: 512 })),
    ...optional('roleArn', optionalText(input, 'RoleArn', { max: 1600 })),
  };
  rules.put(bus, name, keepSchedule(rule, before));
  changed(context, bus, name);
  const RuleArn = context.arns.rule(bus, name);
  // On an existing rule, PutRule ignores tags.
  if (!before && given.length > 0) {
    tags.put('', RuleArn, given);
  }
  return { RuleArn };
}

/**
 * A rate keeps its starting time when a rule is put again unchanged, as a template does at each
 * start.
 */
const keepSchedule = (rule: Rule, before: Rule | undefined): Rule =>
  before?.schedule === rule.schedule && before?.scheduledFrom !== undefined
    ? { ...rule, scheduledFrom: before.scheduledFrom }
    : rule;

function changed(context: EventBridgeContext, bus: string, name: string): void {
  context.rules.changed(bus);
  context.schedules.changed(bus, name);
}

const hasWildcard = (pattern: string) =>
  compilePattern(pattern)
    .branches.flat()
    .some(({ wildcards }) => wildcards.length > 0);

function checkWildcardRules(context: EventBridgeContext, bus: string, name: string): void {
  const others = context.resources.rules
    .list(bus)
    .filter(
      (rule) => rule.name !== name && rule.pattern !== undefined && hasWildcard(rule.pattern),
    );
  if (others.length >= maxWildcardRules) {
    throw limitExceeded();
  }
}

function checkSchedule(bus: string, schedule: string): void {
  if (bus !== defaultBus) {
    throw validationError('ScheduleExpression is supported only on the default event bus.');
  }
  if (!readSchedule(schedule, 0)) {
    throw validationError('Parameter ScheduleExpression is not valid.');
  }
}

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: string };

/** Throws InvalidEventPatternException, or LimitExceededException beyond the quota. */
export function checkPattern(pattern: string): void {
  if (pattern.length > maxPatternLength) {
    throw limitExceeded();
  }
  try {
    compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidEventPattern) {
      throw invalidEventPattern(error.message);
    }
    throw error;
  }
}

export function describeRule(context: EventBridgeContext, input: JsonObject): JsonObject {
  const rule = readRule(context, input, 'Name');
  return { ...describe(context, rule), CreatedBy: context.place.accountId };
}

export function listRules(context: EventBridgeContext, input: JsonObject): JsonObject {
  const bus = findBus(context, optionalText(input, 'EventBusName', busNameOrArn)).name;
  const slice = readSlice(input);
  const { shown, next } = pageOfFound(
    context.resources.rules.list(bus, slice),
    slice,
    ({ name }) => name,
  );
  return { Rules: shown.map((rule) => describe(context, rule)), ...next };
}

function describe(context: EventBridgeContext, rule: Rule): JsonObject {
  return {
    Name: rule.name,
    Arn: context.arns.rule(rule.bus, rule.name),
    EventBusName: rule.bus,
    State: rule.state,
    ...optional('EventPattern', rule.pattern),
    ...optional('ScheduleExpression', rule.schedule),
    ...optional('Description', rule.description),
    ...optional('RoleArn', rule.roleArn),
    ...optional('ManagedBy', rule.managedBy),
  };
}

const switchTo =
  (state: 'ENABLED' | 'DISABLED') => (context: EventBridgeContext, input: JsonObject) => {
    const rule = readRule(context, input, 'Name');
    refuseManaged(rule);
    context.resources.rules.put(rule.bus, rule.name, { ...rule, state });
    changed(context, rule.bus, rule.name);
    return {};
  };

export const enableRule = switchTo('ENABLED');
export const disableRule = switchTo('DISABLED');

/** Deleting a rule that does not exist succeeds, as in AWS. */
export function deleteRule(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', ruleName);
  const bus = findBus(context, optionalText(input, 'EventBusName', busNameOrArn)).name;
  const { rules, targets, tags } = context.resources;
  const rule = rules.get(bus, name);
  if (!rule) {
    return {};
  }
  refuseManaged(rule, optionalFlag(input, 'Force'));
  if (targets.list(targetScope(bus, name)).length > 0) {
    throw validationError("Rule can't be deleted since it has targets.");
  }
  rules.delete(bus, name);
  tags.delete('', context.arns.rule(bus, name));
  changed(context, bus, name);
  return {};
}

export function listRuleNamesByTarget(context: EventBridgeContext, input: JsonObject): JsonObject {
  const arn = requiredText(input, 'TargetArn', { max: 1600 });
  const bus = findBus(context, optionalText(input, 'EventBusName', busNameOrArn)).name;
  const slice = readSlice(input);
  const { rules, targets } = context.resources;
  const names = rules
    .list(bus)
    .map(({ name }) => name)
    .filter((name) => targets.list(targetScope(bus, name)).some(({ Arn }) => Arn === arn));
  const { shown, next } = pageOf(names, slice, (name) => name);
  return { RuleNames: shown, ...next };
}
