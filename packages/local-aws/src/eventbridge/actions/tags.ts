import type { JsonObject } from '../../aws-service.ts';
import { DEFAULT_BUS } from '../arns.ts';
import type { Desk } from '../desk.ts';
import { notFound, validationError } from '../eventbridge-error.ts';
import { field, objectList, requiredText, textList } from '../request.ts';
import type { Tags } from '../resources/resources.ts';
import { findBus } from './buses.ts';
import { findRule } from './rules.ts';

/** AWS General Reference, "Tag naming limits". */
const MOST_TAGS = 50;

/** Reads `Tags`; none when there are none. Throws when a key comes twice. */
export function readTags(input: JsonObject): Tags {
  if (field(input, 'Tags') === undefined) return [];
  const tags = objectList(input, 'Tags', 0, MOST_TAGS).map((tag) => ({
    Key: requiredText(tag, 'Key', { max: 128 }),
    Value: requiredText(tag, 'Value', { min: 0, max: 256 }),
  }));
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw validationError('Invalid parameter: Duplicated keys are not allowed.');
  return tags;
}

export function tagResource(desk: Desk, input: JsonObject): JsonObject {
  const arn = findTagged(desk, input);
  const tags = new Map(listTags(desk, arn).map((tag) => [tag.Key, tag]));
  for (const tag of readTags(input)) tags.set(tag.Key, tag);
  if (tags.size > MOST_TAGS)
    throw validationError(`Invalid parameter: at most ${MOST_TAGS} tags are allowed.`);
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
  findRule(desk, slash < 0 ? DEFAULT_BUS : rule.slice(0, slash), rule.slice(slash + 1));
  return arn;
}
