import type { JsonObject } from '../../aws-service.ts';
import { defaultBus } from '../arns.ts';
import type { Desk } from '../desk.ts';
import { notFound, validationError } from '../eventbridge-error.ts';
import { maxTags, readTags, requiredText, textList } from '../request.ts';
import { findBus } from './buses.ts';
import { findRule } from './rules.ts';

export function tagResource(desk: Desk, input: JsonObject): JsonObject {
  const arn = findTagged(desk, input);
  const tags = new Map(listTags(desk, arn).map((tag) => [tag.Key, tag]));
  for (const tag of readTags(input)) tags.set(tag.Key, tag);
  if (tags.size > maxTags)
    throw validationError(`Invalid parameter: at most ${maxTags} tags are allowed.`);
  desk.resources.tags.put('', arn, [...tags.values()]);
  return {};
}

export function untagResource(desk: Desk, input: JsonObject): JsonObject {
  const arn = findTagged(desk, input);
  const keys = new Set(textList(input, 'TagKeys') ?? []);
  desk.resources.tags.put(
    '',
    arn,
    listTags(desk, arn).filter(({ Key }) => !keys.has(Key)),
  );
  return {};
}

export function listTagsForResource(desk: Desk, input: JsonObject): JsonObject {
  return { Tags: listTags(desk, findTagged(desk, input)) };
}

const listTags = (desk: Desk, arn: string) => desk.resources.tags.get('', arn) ?? [];

/** Only rules and buses have tags; the ARN must be that of one. */
function findTagged(desk: Desk, input: JsonObject): string {
  const arn = requiredText(input, 'ResourceARN', { max: 1600 });
  const bus = desk.arns.idIn(arn, 'event-bus');
  if (bus !== undefined) return desk.arns.bus(findBus(desk, bus).name);
  const rule = desk.arns.idIn(arn, 'rule');
  if (rule === undefined) throw notFound(`Resource ${arn} does not exist.`);
  const slash = rule.lastIndexOf('/');
  findRule(desk, slash < 0 ? defaultBus : rule.slice(0, slash), rule.slice(slash + 1));
  return arn;
}
