import { type Template, TemplateError } from './template.ts';

/** The values of a created resource for Ref and Fn::GetAtt. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** The id that is the same at each start. @default - the ref */
  readonly physicalId?: string;
}

/** The context in which intrinsics are resolved. */
export interface ResolveScope {
  readonly template: Template;
  /** AWS::Region and the other pseudo parameters, and the template's parameters. */
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly created: ReadonlyMap<string, CreatedResource>;
  /** Values that other stacks export (Fn::ImportValue). */
  readonly exports: ReadonlyMap<string, unknown>;
  /** Outputs of other stacks (Fn::GetStackOutput), by `<stack>.<output>`. */
  readonly stackOutputs: ReadonlyMap<string, unknown>;
}

/** The value of AWS::NoValue: the property is treated as absent. */
const noValue = Symbol('AWS::NoValue');

type Resolver = (argument: unknown, scope: ResolveScope, where: string) => unknown;

/**
 * Resolves CloudFormation's intrinsic functions in a value.
 *
 * @param where for errors: the logical id
 * @throws TemplateError for an unknown intrinsic function or a reference that does not exist
 */
export function resolve(value: unknown, scope: ResolveScope, where: string): unknown {
  const result = resolveDeep(value, scope, where);
  return result === noValue ? undefined : result;
}

/** Whether a condition of the template holds. */
export function isConditionTrue(name: string, scope: ResolveScope): boolean {
  const condition = own(scope.template.Conditions, name);
  if (condition === undefined) {
    throw new TemplateError(name, 'is not a condition of the template');
  }
  return resolveDeep(condition, scope, name) === true;
}

function resolveDeep(value: unknown, scope: ResolveScope, where: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveDeep(item, scope, where)).filter((item) => item !== noValue);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [name, argument] = only;
    if (name === 'Condition' && typeof argument === 'string') {
      return isConditionTrue(argument, scope);
    }
    const resolver = own(resolvers, name);
    if (resolver) {
      return resolver(argument, scope, where);
    }
    if (name.startsWith('Fn::')) {
      throw new TemplateError(where, `uses ${name}, which the local run does not have`);
    }
  }
  return Object.fromEntries(
    entries
      .map(([key, item]) => [key, resolveDeep(item, scope, where)] as const)
      .filter(([, item]) => item !== noValue),
  );
}

const resolvers: Readonly<Record<string, Resolver>> = {
  Ref: (argument, scope, where) => reference(String(argument), scope, where),
  'Fn::GetAtt': (argument, scope, where) => {
    const [id = '', ...path] = Array.isArray(argument)
      ? argument.map(String)
      : String(argument).split('.');
    return attribute(id, path.join('.'), scope, where);
  },
  'Fn::Join': (argument, scope, where) => {
    const [separator, items] = list(argument, scope, where);
    return (items as unknown[]).map(String).join(String(separator));
  },
  'Fn::Split': (argument, scope, where) => {
    const [separator, text] = list(argument, scope, where);
    return String(text).split(String(separator));
  },
  'Fn::Select': (argument, scope, where) => {
    const [index, items] = list(argument, scope, where);
    return (items as unknown[])[Number(index)];
  },
  'Fn::Sub': (argument, scope, where) => substitute(argument, scope, where),
  'Fn::If': (argument, scope, where) => {
    const [condition, yes, no] = argument as [string, unknown, unknown];
    return resolveDeep(isConditionTrue(condition, scope) ? yes : no, scope, where);
  },
  'Fn::Equals': (argument, scope, where) => {
    const [left, right] = list(argument, scope, where);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope, where) =>
    list(argument, scope, where).every((item) => item === true),
  'Fn::Or': (argument, scope, where) => list(argument, scope, where).some((item) => item === true),
  'Fn::Not': (argument, scope, where) => list(argument, scope, where)[0] !== true,
  'Fn::FindInMap': (argument, scope, where) => {
    const [map, top, second] = list(argument, scope, where).map(String) as [string, string, string];
    const found = own(own(own(scope.template.Mappings, map), top), second);
    if (found === undefined) {
      throw new TemplateError(
        where,
        `refers to ${map}.${top}.${second} of the mappings, which does not exist`,
      );
    }
    return found;
  },
  'Fn::Base64': (argument, scope, where) =>
    Buffer.from(String(resolveDeep(argument, scope, where))).toString('base64'),
  'Fn::ImportValue': (argument, scope, where) => {
    const name = String(resolveDeep(argument, scope, where));
    if (!scope.exports.has(name)) {
      throw new TemplateError(where, `imports ${name}, which no stack exports`);
    }
    return scope.exports.get(name);
  },
  'Fn::GetStackOutput': (argument, scope, where) => {
    const { StackName, OutputName } = resolveDeep(argument, scope, where) as Record<string, string>;
    const stack = String(StackName).replace(/^arn:.*:stack\/([^/]+)\/.*$/, '$1');
    const output = `${stack}.${OutputName}`;
    if (!scope.stackOutputs.has(output)) {
      throw new TemplateError(
        where,
        `refers to the output ${output}, which no stack before it has`,
      );
    }
    return scope.stackOutputs.get(output);
  },
  'Fn::ToJsonString': (argument, scope, where) =>
    JSON.stringify(resolveDeep(argument, scope, where)),
  'Fn::Length': (argument, scope, where) =>
    (resolveDeep(argument, scope, where) as unknown[]).length,
  'Fn::GetAZs': (_argument, scope) =>
    ['a', 'b', 'c'].map((zone) => `${scope.parameters.get('AWS::Region')}${zone}`),
};

function reference(id: string, scope: ResolveScope, where: string): unknown {
  if (id === 'AWS::NoValue') {
    return noValue;
  }
  if (scope.parameters.has(id)) {
    const value = scope.parameters.get(id);
    if (value !== undefined) {
      return value;
    }
    throw new TemplateError(
      where,
      `needs the parameter ${id}, which has no value. Set the environment variable ${id}.`,
    );
  }
  const resource = scope.created.get(id);
  if (!resource) {
    throw new TemplateError(where, `refers to ${id}, which does not exist or cannot run locally`);
  }
  return resource.ref;
}

function attribute(id: string, name: string, scope: ResolveScope, where: string): unknown {
  const resource = scope.created.get(id);
  if (!resource) {
    throw new TemplateError(where, `refers to ${id}, which does not exist or cannot run locally`);
  }
  const value = own(resource.attributes, name);
  if (value === undefined) {
    throw new TemplateError(
      where,
      `refers to the attribute ${name} of ${id}, which the local run does not have`,
    );
  }
  return value;
}

function substitute(argument: unknown, scope: ResolveScope, where: string): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own_ = resolveDeep(variables, scope, where) as Record<string, unknown>;
  return String(text).replace(/\$\{(!?)([^}]*)\}/g, (_match, literal: string, name: string) => {
    if (literal) {
      return `\${${name}}`;
    }
    if (Object.hasOwn(own_, name)) {
      return String(own_[name]);
    }
    if (scope.parameters.has(name) || !name.includes('.')) {
      return String(reference(name, scope, where));
    }
    const [id = '', ...path] = name.split('.');
    return String(attribute(id, path.join('.'), scope, where));
  });
}

function list(argument: unknown, scope: ResolveScope, where: string): unknown[] {
  const resolved = resolveDeep(argument, scope, where);
  if (!Array.isArray(resolved)) {
    throw new TemplateError(where, 'has an intrinsic function whose argument is not a list');
  }
  return resolved;
}

/** A record's own property, never an inherited one. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Resolves the values of dynamic references. */
interface ReferencedValues {
  /** A secret's value by its ARN or name; undefined when there is none. */
  secret(id: string): string | undefined;
  /** A parameter's value by its name; undefined when there is none. */
  parameter(name: string): string | undefined;
}

const dynamicReference = /\{\{resolve:(secretsmanager|ssm|ssm-secure):([^{}]{1,2048})\}\}/g;

/**
 * Replaces `{{resolve:…}}` in all texts of a value
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).
 * Versions are ignored: only the current one exists here.
 *
 * @param where for errors: the logical id and type
 * @throws TemplateError when the secret or parameter does not exist
 */
export function resolveDynamicReferences(
  value: unknown,
  values: ReferencedValues,
  where: string,
): unknown {
  if (typeof value === 'string') {
    if (!value.includes('{{resolve:')) {
      return value;
    }
    return value.replace(dynamicReference, (_full, kind: string, path: string) =>
      kind === 'secretsmanager'
        ? readSecret(path, values, where)
        : readParameter(path, values, where),
    );
  }
  if (Array.isArray(value)) {
    return value.map((item) => resolveDynamicReferences(item, values, where));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      resolveDynamicReferences(item, values, where),
    ]),
  );
}

/** `<id or ARN>:SecretString:<JSON key>:<stage>:<version>`; only the id is required. */
function readSecret(path: string, values: ReferencedValues, where: string): string {
  const [id = '', rest = ''] = path.split(':SecretString');
  const key = rest.split(':')[1];
  const value = values.secret(id);
  if (value === undefined) {
    throw new TemplateError(where, `refers to the secret ${id}, which does not exist`);
  }
  if (!key) {
    return value;
  }
  const member = memberOf(value, key);
  if (member === undefined) {
    throw new TemplateError(
      where,
      `refers to the key ${key} of the secret ${id}, which does not exist`,
    );
  }
  return member;
}

function memberOf(json: string, key: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, key)) {
      return undefined;
    }
    return String((parsed as Record<string, unknown>)[key]);
  } catch {
    return undefined;
  }
}

function readParameter(path: string, values: ReferencedValues, where: string): string {
  const name = path.replace(/:\d+$/, '');
  const value = values.parameter(name);
  if (value === undefined) {
    throw new TemplateError(where, `refers to the parameter ${name}, which does not exist`);
  }
  return value;
}
