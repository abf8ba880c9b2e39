import type { ResourceContext } from '../resources/resource-type.ts';
import { isExcluded, reasonToIgnore, resourceTypeFor } from '../resources/resource-types.ts';
import type { LocalServices } from '../services.ts';
import {
  type CreatedResource,
  isConditionTrue,
  type ResolveScope,
  resolve,
  resolveDynamicReferences,
} from './resolve.ts';
import type { RegistryEntry } from './template.ts';
import { type Stack, type Template, TemplateError, type TemplateResource } from './template.ts';

/** The context in which a stack is created. */
export interface StackEnvironment {
  readonly services: LocalServices;
  readonly region: string;
  readonly accountId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The exports of stacks that were created before, by name. */
  readonly exports: Map<string, unknown>;
  /** The outputs of stacks that were created before, by `<stack>.<output>`. */
  readonly stackOutputs: Map<string, unknown>;
  /** Called for each resource that exists. */
  readonly created: (entry: RegistryEntry) => void;
}

/** A stack that has been created. */
export interface CreatedStack {
  readonly name: string;
  /** The template it was created from. */
  readonly template: Template;
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Types that were ignored, and resources as `<type> (<logical id>)` that the app excludes, each with the reason. */
  readonly ignored: ReadonlyMap<string, string>;
}

/** One resource of a created stack. */
interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
}

/**
 * Creates every resource of a stack, each after the resources that it refers to.
 *
 * @throws TemplateError with logical id and type for a resource that cannot be created
 */
export async function createStack(stack: Stack, target: StackEnvironment): Promise<CreatedStack> {
  const { template, name } = stack;
  const created = new Map<string, CreatedResource>();
  const { exports, stackOutputs } = target;
  const parameters = parametersOf(stack, target);
  const scope: ResolveScope = { template, created, exports, stackOutputs, parameters };
  const resources: StackResource[] = [];
  const ignored = new Map<string, string>();
  for (const logicalId of orderResources(template)) {
    const resource = template.Resources?.[logicalId];
    if (!resource || (resource.Condition && !isConditionTrue(resource.Condition, scope))) {
      continue;
    }
    const isExcludedHere = isExcluded(resource);
    const reason = isExcludedHere
      ? 'excluded by the app with fanout:local'
      : reasonToIgnore(resource.Type);
    if (reason) {
      ignored.set(isExcludedHere ? `${resource.Type} (${logicalId})` : resource.Type, reason);
    }
    const context: ResourceContext = {
      ...target,
      logicalId,
      stackName: name,
      assets: stack.assets,
      metadata: resource.Metadata ?? {},
    };
    const result = await createResource(resource, context, scope);
    created.set(logicalId, result);
    const entry = { logicalId, type: resource.Type, ref: result.ref };
    resources.push(entry);
    if (!reason) {
      const retain = /^Retain/.test(resource.DeletionPolicy ?? '');
      target.created({ ...entry, ref: result.physicalId ?? result.ref, stack: name, retain });
    }
  }
  return { name, template, resources, ignored, outputs: outputsOf(stack, scope, target) };
}

async function createResource(
  resource: TemplateResource,
  context: ResourceContext,
  scope: ResolveScope,
): Promise<CreatedResource> {
  const where = `${context.logicalId} (${resource.Type})`;
  const type = resourceTypeFor(resource);
  const given = resource.Properties ?? {};
  // References of an ignored resource are not checked.
  if (reasonToIgnore(resource.Type) || isExcluded(resource)) {
    return type.create(given, context);
  }
  const { secretsManager, parameterStore } = context.services;
  const values = {
    secret: (id: string) => secretsManager.valueOf(id),
    parameter: (name: string) => parameterStore.valueOf(name),
  };
  const properties = resolveDynamicReferences(resolve(given, scope, where), values, where);
  try {
    return await type.create(properties as Record<string, unknown>, context);
  } catch (error) {
    if (error instanceof TemplateError) {
      throw error;
    }
    throw new TemplateError(where, (error as Error).message, { cause: error });
  }
}

function outputsOf(
  { name: stackName, template }: Stack,
  scope: ResolveScope,
  { exports, stackOutputs }: StackEnvironment,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Export, Condition }] of Object.entries(template.Outputs ?? {})) {
    if (Condition && !isConditionTrue(Condition, scope)) {
      continue;
    }
    const where = `output ${name}`;
    const value = resolve(Value, scope, where);
    outputs[name] = String(value);
    stackOutputs.set(`${stackName}.${name}`, value);
    if (Export) {
      exports.set(String(resolve(Export.Name, scope, where)), value);
    }
  }
  return outputs;
}

/** Logical ids in an order in which each comes after everything that it refers to. */
export function orderResources(template: Template): string[] {
  const resources = template.Resources ?? {};
  const ordered = new Set<string>();
  const path = new Set<string>();
  const visit = (id: string) => {
    if (ordered.has(id)) {
      return;
    }
    if (path.has(id)) {
      throw new TemplateError(id, `depends on itself (${[...path].join(' -> ')})`);
    }
    path.add(id);
    for (const other of referencesOf(resources[id])) {
      if (Object.hasOwn(resources, other)) {
        visit(other);
      }
    }
    path.delete(id);
    ordered.add(id);
  };
  for (const id of Object.keys(resources)) {
    visit(id);
  }
  return [...ordered];
}

/** Every id that a value names by Ref, Fn::GetAtt, Fn::Sub or DependsOn; some may be parameters. */
function referencesOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') {
    if (key === 'Ref' || key === 'DependsOn') {
      return [value];
    }
    if (key === 'Fn::GetAtt') {
      return [value.split('.')[0] ?? ''];
    }
    if (key === 'Fn::Sub') {
      return [...value.matchAll(/\$\{([^!}][^}]*)\}/g)].map(
        ([, name = '']) => name.split('.')[0] ?? '',
      );
    }
    return [];
  }
  if (Array.isArray(value)) {
    if (key === 'Fn::GetAtt') {
      return [String(value[0])];
    }
    return value.flatMap((item, index) =>
      referencesOf(item, key === 'DependsOn' || (key === 'Fn::Sub' && index === 0) ? key : ''),
    );
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, item]) =>
    name === 'Metadata' ? [] : referencesOf(item, name),
  );
}

/**
 * CloudFormation's pseudo parameters and the template's own. An environment variable sets the
 * parameter of its name. A parameter without a variable and without a default is undefined: a
 * reference to it is an error.
 */
function parametersOf(
  { name, template }: Stack,
  { region, accountId, environment, services }: StackEnvironment,
): Map<string, unknown> {
  const parameters = new Map<string, unknown>([
    ['AWS::Region', region],
    ['AWS::AccountId', accountId],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', name],
    ['AWS::StackId', `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/local`],
    ['AWS::NotificationARNs', []],
  ]);
  for (const [parameter, { Default, Type = 'String' }] of Object.entries(
    template.Parameters ?? {},
  )) {
    const given = environment[parameter] ?? Default;
    // The value of such a parameter is the name of another, in the parameter store.
    const isName = Type.startsWith('AWS::SSM::Parameter::Value<');
    const value = isName ? services.parameterStore.valueOf(String(given)) : given;
    parameters.set(parameter, isList(Type) && value !== undefined ? splitList(value) : value);
  }
  return parameters;
}

const isList = (type: string) =>
  /^(CommaDelimitedList|List<)|Value<(CommaDelimitedList|List<)/.test(type);

const splitList = (value: unknown) =>
  String(value)
    .split(',')
    .map((item) => item.trim());
