/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: of a property nothing is known.
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

/** Resources by logical id. */
export type Resources = Readonly<Record<string, Resource>>;

/** Something that an account refuses, or that fails in it, and that no synth sees. */
export interface AccountRule {
  /** What must hold. */
  readonly name: string;
  /** Where AWS says so: document, and title of the section. */
  readonly source: string;
  /** What breaks the rule, one sentence each. */
  readonly check: (resources: Resources) => readonly string[];
  /** A template that breaks it. */
  readonly broken: Resources;
}

/** The resources of a type, with what a rule looks at. */
export const of = (resources: Resources, type: string) =>
  Object.entries(resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties ?? {}] as const);

/** A rule for each resource of a type by itself. */
export function each(
  type: string,
  name: string,
  source: string,
  // biome-ignore lint/suspicious/noExplicitAny: of a property nothing is known.
  holds: (properties: any, id: string) => boolean,
  broken: object,
): AccountRule {
  return {
    name: `${type}: ${name}`,
    source,
    check: (resources) =>
      of(resources, type)
        .filter(([id, properties]) => !holds(properties, id))
        .map(([id]) => `${id}: ${name}`),
    broken: { Broken: { Type: type, Properties: broken } },
  };
}

/** Whether a number is absent, or within limits. */
export const within = (value: unknown, from: number, to: number) =>
  value === undefined || (Number(value) >= from && Number(value) <= to);

/** Whether a text is absent, or of a shape. A name that CloudFormation makes up is absent. */
export const shaped = (value: unknown, shape: RegExp) =>
  value === undefined || shape.test(String(value));

/** What stands more than once in a list. */
export const repeated = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index);

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'ap-southeast-4',
  'AWS::StackId': 'arn:aws:cloudformation:ap-southeast-4:123456789012:stack/name/uuid',
  'AWS::StackName': 'WhatsAppEventFanout-a-stage-with-20-let',
  'AWS::URLSuffix': 'amazonaws.com',
};

const nameProperties: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
};

/**
 * The template with texts in place of CloudFormation's functions, as long as they are in an account: rules can
 * then look at sizes and compare ARNs.
 */
export function resolved(resources: Resources): Resources {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(resolve);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const entries = Object.entries(value);
    const [name = '', argument] = entries[0] ?? [];
    if (entries.length === 1) {
      if (name === 'Ref') {
        return pseudo[String(argument)] ?? referenceTo(String(argument));
      }
      if (name === 'Fn::GetAtt') {
        const [id, attribute] = argument as [string, string];
        return attribute === 'Arn' ? arnOf(id) : `${id}.${attribute}`;
      }
      if (name === 'Fn::Join') {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => String(resolve(part))).join(separator);
      }
      if (name === 'Fn::Select') {
        const [index, list] = argument as [string, unknown];
        return (resolve(list) as unknown[])[Number(index)];
      }
      if (name === 'Fn::Split') {
        const [separator, text] = argument as [string, unknown];
        return String(resolve(text)).split(separator);
      }
      if (name === 'Fn::Sub') {
        return String(Array.isArray(argument) ? argument[0] : argument);
      }
    }
    return Object.fromEntries(entries.map(([key, inner]) => [key, resolve(inner)]));
  };
  const nameOf = (id: string) => {
    const { Type = '', Properties = {} } = resources[id] ?? {};
    const given = Properties[nameProperties[Type] ?? ''];
    return typeof given === 'string' ? given : `name-of-${id}`;
  };
  const arnOf = (id: string) => {
    const [, service = 'none', kind = ''] = (resources[id]?.Type ?? '').split('::');
    const path =
      kind === 'Rule'
        ? `rule/${resources[id]?.Properties?.EventBusName ?? 'default'}/${nameOf(id)}`
        : nameOf(id);
    return `arn:aws:${service.toLowerCase()}:ap-southeast-4:123456789012:${path}`;
  };
  const referenceTo = (id: string) =>
    resources[id]?.Type === 'AWS::SQS::Queue'
      ? `https://sqs.ap-southeast-4.amazonaws.com/123456789012/${nameOf(id)}`
      : nameOf(id);
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [
      id,
      { ...resource, Properties: resolve(resource.Properties ?? {}) },
    ]),
  );
}

/** Statements of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whether an ARN is of a pattern with `*`. */
export const isLike = (arn: string, pattern: unknown) =>
  new RegExp(
    `^${String(pattern)
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(arn);
