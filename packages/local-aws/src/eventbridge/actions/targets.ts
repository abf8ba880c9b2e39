import { isJsonTemplate, readJsonPath } from '@event-fanout/event-pattern';
import type { JsonObject } from '../../aws-service.ts';
import { maxAgeSeconds, maxRetries } from '../delivery/delivery.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import {
  constraintError,
  field,
  limitExceeded,
  objectList,
  optionalFlag,
  optionalInteger,
  optionalObject,
  optionalText,
  pageOfFound,
  readSlice,
  requiredText,
  type TextRule,
  textList,
  textMap,
  validationError,
} from '../request.ts';
import { kindOfTarget, type Target, targetScope } from '../resources.ts';
import { readRule, refuseManaged } from './rules.ts';

/** Maximum number of targets in one request (API reference, PutTargets). */
const maxInRequest = 100;
/** Quotas of EventBridge: targets per rule. */
const maxTargets = 5;

export function putTargets(context: EventBridgeContext, input: JsonObject): JsonObject {
  const rule = readRule(context, input, 'Rule');
  refuseManaged(rule);
  const given = objectList(input, 'Targets', 1, maxInRequest).map(readTarget);
  const { targets } = context.resources;
  const scope = targetScope(rule.bus, rule.name);
  const ids = new Set([...targets.list(scope), ...given].map(({ Id }) => Id));
  if (ids.size > maxTargets) {
    throw limitExceeded();
  }
  context.transactions.run(() => {
    for (const target of given) {
      targets.put(scope, target.Id, { ...target, bus: rule.bus, rule: rule.name });
    }
  });
  context.rules.changed(rule.bus);
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function removeTargets(context: EventBridgeContext, input: JsonObject): JsonObject {
  const rule = readRule(context, input, 'Rule');
  refuseManaged(rule, optionalFlag(input, 'Force'));
  const scope = targetScope(rule.bus, rule.name);
  for (const id of textList(input, 'Ids') ?? []) {
    context.resources.targets.delete(scope, id);
  }
  context.rules.changed(rule.bus);
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listTargetsByRule(context: EventBridgeContext, input: JsonObject): JsonObject {
  const rule = readRule(context, input, 'Rule');
  const slice = readSlice(input);
  const found = context.resources.targets.list(targetScope(rule.bus, rule.name), slice);
  const { shown, next } = pageOfFound(found, slice, ({ Id }) => Id);
  return { Targets: shown.map(({ bus: _, rule: __, ...target }) => target), ...next };
}

/** API reference, Target and its structures. */
const idRule: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
const maxVariables = 100;
const minAgeSeconds = 60;

/** Target parameters of services that this run does not have. */
const unsupportedParameters =
  'AppSyncParameters BatchParameters EcsParameters KinesisParameters RedshiftDataParameters RunCommandParameters SageMakerPipelineParameters'.split(
    ' ',
  );

/** Checks one entry of PutTargets. */
function readTarget(input: JsonObject): Target {
  const Id = requiredText(input, 'Id', idRule);
  const Arn = requiredText(input, 'Arn', { max: 1600 });
  const kind = kindOfTarget(Arn);
  const unusable = unsupportedParameters.find((member) => field(input, member) !== undefined);
  if (!kind || unusable) {
    throw validationError(
      `Target ${Id} cannot be used in this local run: ${unusable ?? Arn} is neither for a queue, a function, an event bus nor an API destination.`,
    );
  }
  const target: Target = omitUndefined({
    Id,
    Arn,
    RoleArn: optionalText(input, 'RoleArn', { max: 1600 }),
    Input: readInput(input, Id),
    InputPath: readInputPath(input),
    InputTransformer: readTransformer(input, Id),
    SqsParameters: readStructure(input, 'SqsParameters', (parameters) => ({
      MessageGroupId: optionalText(parameters, 'MessageGroupId', { max: 128 }),
    })),
    HttpParameters: readStructure(input, 'HttpParameters', (parameters) => ({
      PathParameterValues: textList(parameters, 'PathParameterValues'),
      HeaderParameters: Object.fromEntries(textMap(parameters, 'HeaderParameters')),
      QueryStringParameters: Object.fromEntries(textMap(parameters, 'QueryStringParameters')),
    })),
    DeadLetterConfig: readStructure(input, 'DeadLetterConfig', (config) => ({
      Arn: readQueueArn(config, Id),
    })),
    RetryPolicy: readStructure(input, 'RetryPolicy', (policy) => ({
      MaximumRetryAttempts: optionalInteger(policy, 'MaximumRetryAttempts', 0, maxRetries),
      MaximumEventAgeInSeconds: optionalInteger(
        policy,
        'MaximumEventAgeInSeconds',
        minAgeSeconds,
        maxAgeSeconds,
      ),
    })),
  });
  const inputs = [target.Input, target.InputPath, target.InputTransformer];
  if (inputs.filter((each) => each !== undefined).length > 1) {
    throw validationError(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`,
    );
  }
  if (kind === 'bus' && inputs.some((each) => each !== undefined)) {
    throw validationError(`Target ${Id} is an event bus, which takes the event as it is.`);
  }
  if (Arn.endsWith('.fifo') && target.SqsParameters?.MessageGroupId === undefined) {
    throw validationError(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  }
  return target;
}

function readStructure<T extends object>(
  input: JsonObject,
  name: string,
  read: (structure: JsonObject) => T,
): T | undefined {
  const structure = optionalObject(input, name);
  return structure && omitUndefined(read(structure));
}

const omitUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

function readInput(input: JsonObject, id: string): string | undefined {
  const text = optionalText(input, 'Input', { min: 0, max: 8192 });
  if (text !== undefined && !isJson(text)) {
    throw validationError(`JSON syntax error in input for target ${id}.`);
  }
  return text;
}

function readInputPath(input: JsonObject): string | undefined {
  const path = optionalText(input, 'InputPath', { min: 0, max: 256 });
  if (path !== undefined) {
    checkPath(path, 'inputPath');
  }
  return path;
}

function checkPath(path: string, member: string): void {
  if (!readJsonPath(path)) {
    throw constraintError(member, 'Member must be a JSON path');
  }
}

function readQueueArn(config: JsonObject, id: string): string | undefined {
  const arn = optionalText(config, 'Arn', { max: 1600 });
  if (arn !== undefined && kindOfTarget(arn) !== 'queue') {
    throw validationError(`DeadLetterConfig of target ${id} must name an SQS queue.`);
  }
  return arn;
}

function readTransformer(input: JsonObject, id: string): Target['InputTransformer'] {
  const transformer = optionalObject(input, 'InputTransformer');
  if (!transformer) {
    return undefined;
  }
  const InputTemplate = requiredText(transformer, 'InputTemplate', { max: 8192 });
  const paths = textMap(transformer, 'InputPathsMap');
  if (paths.size > maxVariables) {
    throw constraintError('inputPathsMap', `Member must have at most ${maxVariables} entries`);
  }
  for (const [name, path] of paths) {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      throw constraintError('inputPathsMap', 'Map keys must match [A-Za-z0-9_\\-]+');
    }
    if (name.startsWith('AWS')) {
      throw constraintError('inputPathsMap', 'Map keys must not start with AWS');
    }
    checkPath(path, 'inputPathsMap');
  }
  if (isJsonTemplate(InputTemplate)) {
    checkJsonTemplate(InputTemplate, id);
  }
  return { InputPathsMap: Object.fromEntries(paths), InputTemplate };
}

/** A number that no template has, to find where the variables are. */
const exampleValue = '740215009';

/**
 * A JSON template must be valid JSON, and no variable may be in a name (API reference, InputTransformer: "The
 * placeholder cannot be used as an object key").
 */
function checkJsonTemplate(template: string, id: string): void {
  const example = template.replace(/<[^<>\n]{1,256}>/g, exampleValue);
  if (!isJson(example)) {
    throw validationError(`Invalid InputTemplate for target ${id}: it is not valid JSON.`);
  }
  JSON.parse(example, (name: string, value: unknown) => {
    if (name.includes(exampleValue)) {
      throw validationError(
        `Invalid InputTemplate for target ${id}: a variable cannot be used as an object key.`,
      );
    }
    return value;
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
