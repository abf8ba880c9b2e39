import type { JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import {
  alreadyExists,
  limitExceeded,
  maxTags,
  notFound,
  optionalObject,
  optionalText,
  pageOfFound,
  readSlice,
  readTags,
  requiredText,
  type TextRule,
  textList,
  validationError,
} from '../request.ts';
import { type Bus, defaultBus, targetScope } from '../resources.ts';

/** API reference: `EventBusName` and `EventBusNameOrArn`. */
const busName: TextRule = { max: 256, pattern: /^[/.\-_A-Za-z0-9]+$/ };
export const busNameOrArn: TextRule = { max: 1600, pattern: /^[/:.\-_A-Za-z0-9]+$/ };

/** Quotas of EventBridge: event buses. */
const maxBuses = 100;

/** The bus that a request names, by name or ARN. Throws ResourceNotFoundException. */
export function findBus(context: EventBridgeContext, nameOrArn: string | undefined): Bus {
  const name = context.arns.busName(nameOrArn);
  const bus = context.resources.buses.get('', name);
  if (!bus) {
    throw notFound(`Event bus ${name} does not exist.`);
  }
  return bus;
}

export function createEventBus(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', busName);
  if (name.includes('/') || name.startsWith('aws.')) {
    throw validationError("Event bus name must not contain '/' or begin with 'aws.'.");
  }
  const { buses, tags } = context.resources;
  if (buses.get('', name)) {
    throw alreadyExists(`Event bus ${name} already exists.`);
  }
  if (buses.list('').length >= maxBuses) {
    throw limitExceeded();
  }
  const settings = readSettings(input);
  const given = readTags(input);
  const now = context.now();
  buses.put('', name, { name, createdAt: now, modifiedAt: now, settings });
  context.rules.changed(name);
  const EventBusArn = context.arns.bus(name);
  if (given.length > 0) {
    tags.put('', EventBusArn, given);
  }
  return { EventBusArn, ...settings };
}

/** Settings that are stored and returned, and have no effect on one machine. */
function readSettings(input: JsonObject): JsonObject {
  const settings = {
    Description: optionalText(input, 'Description', { min: 0, max: 512 }),
    KmsKeyIdentifier: optionalText(input, 'KmsKeyIdentifier', { min: 0, max: 2048 }),
    DeadLetterConfig: optionalObject(input, 'DeadLetterConfig'),
    LogConfig: optionalObject(input, 'LogConfig'),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

export function updateEventBus(context: EventBridgeContext, input: JsonObject): JsonObject {
  const bus = findBus(context, optionalText(input, 'Name', busName));
  const settings = { ...bus.settings, ...readSettings(input) };
  context.resources.buses.put('', bus.name, { ...bus, settings, modifiedAt: context.now() });
  return { Arn: context.arns.bus(bus.name), Name: bus.name, ...settings };
}

export function deleteEventBus(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', busName);
  if (name === defaultBus) {
    throw validationError(`Cannot delete event bus ${defaultBus}.`);
  }
  const { buses, rules, targets, tags } = context.resources;
  for (const rule of rules.list(name)) {
    targets.deleteScope(targetScope(name, rule.name));
    tags.delete('', context.arns.rule(name, rule.name));
  }
  rules.deleteScope(name);
  buses.delete('', name);
  tags.delete('', context.arns.bus(name));
  context.rules.changed(name);
  return {};
}

export function describeEventBus(context: EventBridgeContext, input: JsonObject): JsonObject {
  return describe(context, findBus(context, optionalText(input, 'Name', busNameOrArn)));
}

export function listEventBuses(context: EventBridgeContext, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const { shown, next } = pageOfFound(
    context.resources.buses.list('', slice),
    slice,
    ({ name }) => name,
  );
  return { EventBuses: shown.map((bus) => describe(context, bus)), ...next };
}

function describe(context: EventBridgeContext, bus: Bus): JsonObject {
  const { name, settings, createdAt, modifiedAt } = bus;
  return {
    Name: name,
    Arn: context.arns.bus(name),
    ...settings,
    CreationTime: createdAt / 1000,
    LastModifiedTime: modifiedAt / 1000,
  };
}

export function tagResource(context: EventBridgeContext, input: JsonObject): JsonObject {
  const arn = findTagged(context, input);
  const tags = new Map(listTags(context, arn).map((tag) => [tag.Key, tag]));
  for (const tag of readTags(input)) {
    tags.set(tag.Key, tag);
  }
  if (tags.size > maxTags) {
    throw validationError(`Invalid parameter: at most ${maxTags} tags are allowed.`);
  }
  context.resources.tags.put('', arn, [...tags.values()]);
  return {};
}

export function untagResource(context: EventBridgeContext, input: JsonObject): JsonObject {
  const arn = findTagged(context, input);
  const keys = new Set(textList(input, 'TagKeys') ?? []);
  context.resources.tags.put(
    '',
    arn,
    listTags(context, arn).filter(({ Key }) => !keys.has(Key)),
  );
  return {};
}

export function listTagsForResource(context: EventBridgeContext, input: JsonObject): JsonObject {
  return { Tags: listTags(context, findTagged(context, input)) };
}

const listTags = (context: EventBridgeContext, arn: string) =>
  context.resources.tags.get('', arn) ?? [];

/** The ARN of the bus or rule that a request names; no other resource has tags here. */
function findTagged(context: EventBridgeContext, input: JsonObject): string {
  const arn = requiredText(input, 'ResourceARN', { max: 1600 });
  const bus = context.arns.idIn(arn, 'event-bus');
  if (bus !== undefined) {
    return context.arns.bus(findBus(context, bus).name);
  }
  const rule = context.arns.idIn(arn, 'rule');
  if (rule === undefined) {
    throw notFound(`Resource ${arn} does not exist.`);
  }
  const slash = rule.lastIndexOf('/');
  const busOfRule = slash < 0 ? defaultBus : rule.slice(0, slash);
  const name = rule.slice(slash + 1);
  if (!context.resources.rules.get(busOfRule, name)) {
    throw notFound(`Rule ${name} does not exist on EventBus ${busOfRule}.`);
  }
  return arn;
}
