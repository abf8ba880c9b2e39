import { AwsError, cutPage, isObject, type JsonObject, readPageToken } from '../aws-service.ts';

/** EventBridge's errors (API reference, "Errors" of each action); all but internal ones are 400. */

export const validationError = (message: string) => new AwsError('ValidationException', message);

/** A member of the request breaks its constraint. Values stay out of messages. */
export const constraintError = (member: string, constraint: string, value = 'Value') =>
  validationError(
    `1 validation error detected: ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  );

const serializationError = (member: string, wanted: string) =>
  new AwsError('SerializationException', `${member} must be ${wanted}`);

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const alreadyExists = (message: string) =>
  new AwsError('ResourceAlreadyExistsException', message);

export const limitExceeded = () =>
  new AwsError(
    'LimitExceededException',
    'The requested resource exceeds the maximum number allowed.',
  );

export const managedRule = (name: string) =>
  new AwsError('ManagedRuleException', `Rule ${name} is managed by Amazon EventBridge Archive.`);

export const invalidEventPattern = (message: string) =>
  new AwsError('InvalidEventPatternException', message);

export const illegalStatus = (message: string) => new AwsError('IllegalStatusException', message);

/** Readers for untrusted input: each returns a value of its type or throws as EventBridge would. */

/** The field's value; `undefined` for a field that is absent or null, as the JSON protocol has it. */
export function field(input: JsonObject, name: string): unknown {
  return Object.hasOwn(input, name) ? (input[name] ?? undefined) : undefined;
}

/** The constraints of a text, as the API reference gives them for each member. */
export interface TextRule {
  /** @default 1 */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

export function optionalText(input: JsonObject, name: string, rule: TextRule = {}) {
  const value = field(input, name);
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw serializationError(name, 'a string');
  }
  const member = memberName(name);
  const { min = 1, max, pattern, oneOf } = rule;
  if (value.length < min) {
    throw constraintError(member, `Member must have length greater than or equal to ${min}`);
  }
  if (max !== undefined && value.length > max) {
    throw constraintError(member, `Member must have length less than or equal to ${max}`);
  }
  if (oneOf && !oneOf.includes(value)) {
    throw constraintError(member, `Member must satisfy enum value set: [${oneOf.join(', ')}]`);
  }
  if (pattern && !pattern.test(value)) {
    throw constraintError(
      member,
      `Member must satisfy regular expression pattern: ${pattern.source}`,
    );
  }
  return value;
}

export function requiredText(input: JsonObject, name: string, rule: TextRule = {}): string {
  const value = optionalText(input, name, rule);
  if (value === undefined) {
    throw missing(name);
  }
  return value;
}

const missing = (name: string) =>
  constraintError(memberName(name), 'Member must not be null', 'Value null');

const memberName = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

export function optionalInteger(
  input: JsonObject,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = field(input, name);
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw serializationError(name, 'an integer');
  }
  if (value < min) {
    throw constraintError(
      memberName(name),
      `Member must have value greater than or equal to ${min}`,
    );
  }
  if (value > max) {
    throw constraintError(memberName(name), `Member must have value less than or equal to ${max}`);
  }
  return value;
}

/** A time: epoch seconds in the JSON protocol, returned as epoch milliseconds. */
export function optionalTime(input: JsonObject, name: string): number | undefined {
  const value = field(input, name);
  if (value === undefined) {
    return undefined;
  }
  const ms = typeof value === 'string' ? Date.parse(value) : Number(value) * 1000;
  if (typeof value === 'object' || typeof value === 'boolean' || !isDate(ms)) {
    throw serializationError(name, 'a timestamp');
  }
  return ms;
}

/** Whether a time is from 1970 to the end of 9999, since an ISO time has four digits for the year. */
const isDate = (ms: number) => ms >= 0 && ms <= Date.parse('9999-12-31T23:59:59Z');

export function requiredTime(input: JsonObject, name: string): number {
  const value = optionalTime(input, name);
  if (value === undefined) {
    throw missing(name);
  }
  return value;
}

export function optionalObject(input: JsonObject, name: string): JsonObject | undefined {
  const value = field(input, name);
  if (value === undefined || isObject(value)) {
    return value;
  }
  throw serializationError(name, 'a structure');
}

export function requiredObject(input: JsonObject, name: string): JsonObject {
  const value = optionalObject(input, name);
  if (value === undefined) {
    throw missing(name);
  }
  return value;
}

function optionalList(input: JsonObject, name: string): readonly unknown[] | undefined {
  const value = field(input, name);
  if (value === undefined || Array.isArray(value)) {
    return value;
  }
  throw serializationError(name, 'a list');
}

/** A list of `min` to `max` structures. */
export function objectList(
  input: JsonObject,
  name: string,
  min: number,
  max: number,
): readonly JsonObject[] {
  const value = optionalList(input, name);
  if (value === undefined) {
    throw missing(name);
  }
  if (value.length < min) {
    throw constraintError(
      memberName(name),
      `Member must have length greater than or equal to ${min}`,
    );
  }
  if (value.length > max) {
    throw constraintError(memberName(name), `Member must have length less than or equal to ${max}`);
  }
  if (!value.every(isObject)) {
    throw serializationError(name, 'a list of structures');
  }
  return value as readonly JsonObject[];
}

export function textList(input: JsonObject, name: string): readonly string[] | undefined {
  const value = optionalList(input, name);
  if (value === undefined || value.every((item) => typeof item === 'string')) {
    return value as readonly string[] | undefined;
  }
  throw serializationError(name, 'a list of strings');
}

export function textMap(input: JsonObject, name: string): ReadonlyMap<string, string> {
  const entries = Object.entries(optionalObject(input, name) ?? {});
  for (const [, value] of entries) {
    if (typeof value !== 'string') {
      throw serializationError(name, 'a map of strings');
    }
  }
  return new Map(entries as [string, string][]);
}

export function optionalFlag(input: JsonObject, name: string): boolean {
  const value = field(input, name) ?? false;
  if (typeof value === 'boolean') {
    return value;
  }
  throw serializationError(name, 'a boolean');
}

/** AWS General Reference, "Tag naming limits". */
export const maxTags = 50;

/** A resource's tags. */
export type Tags = readonly { readonly Key: string; readonly Value: string }[];

/** Reads `Tags`. Throws when a key occurs twice. */
export function readTags(input: JsonObject): Tags {
  if (field(input, 'Tags') === undefined) {
    return [];
  }
  const tags = objectList(input, 'Tags', 0, maxTags).map((tag) => ({
    Key: requiredText(tag, 'Key', { max: 128 }),
    Value: requiredText(tag, 'Value', { min: 0, max: 256 }),
  }));
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw validationError('Invalid parameter: Duplicated keys are not allowed.');
  }
  return tags;
}

/** API reference, `Limit` of the List actions. */
const maxResults = 100;
const maxTokenLength = 2048;

/** A page of a listing: names that come after another, with a common beginning. */
export interface Slice {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
}

/** Reads `Limit`, `NextToken` and `NamePrefix`. */
export function readSlice(input: JsonObject): Slice {
  const limit = optionalInteger(input, 'Limit', 1, maxResults) ?? maxResults;
  const token = optionalText(input, 'NextToken', { max: maxTokenLength });
  const prefix = optionalText(input, 'NamePrefix', { max: 256 }) ?? '';
  // One item more than the page holds shows whether there is another page.
  return { prefix, after: token === undefined ? '' : readToken(token), limit: limit + 1 };
}

/** The page of items that a resource table found for `slice`, and the token of the next page. */
export function pageOfFound<Item>(
  found: readonly Item[],
  slice: Slice,
  nameOf: (item: Item) => string,
): { readonly shown: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const { items, nextToken } = cutPage(found, slice.limit - 1, nameOf);
  return { shown: items, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

/** A page of items that were filtered after they were read. */
export function pageOf<Item>(items: readonly Item[], slice: Slice, nameOf: (item: Item) => string) {
  const rest = items.filter((item) => {
    const name = nameOf(item);
    return name > slice.after && name.startsWith(slice.prefix);
  });
  return pageOfFound(rest.slice(0, slice.limit), slice, nameOf);
}

function readToken(token: string): string {
  const name = readPageToken(token);
  if (name === undefined) {
    throw validationError('Invalid or expired NextToken.');
  }
  return name;
}
