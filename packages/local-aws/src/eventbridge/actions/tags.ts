import type { JsonObject } from '../../aws-service.ts';
import { defaultBus } from '../arns.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { notFound, validationError } from '../eventbridge-error.ts';
import { maxTags, readTags, requiredText, textList } from '../request.ts';
import { findBus } from './buses.ts';
import { findRule } from './rules.ts';

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

/** Only rules and buses have tags; the ARN must be that of one. */
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
  findRule(context, slash < 0 ? defaultBus : rule.slice(0, slash), rule.slice(slash + 1));
  return arn;
}
