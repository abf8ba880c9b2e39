import type { LocalServices } from '../local-services.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { reasonToIgnore, resourceTypeOf } from '../resources/resource-types.ts';
import { orderResources } from './order.ts';
import { type CreatedResource, isConditionTrue, type ResolveScope, resolve } from './resolve.ts';
import { type Stack, TemplateError } from './template.ts';

/** Where and for whom a stack is created. */
export interface StackEnvironment {
  readonly services: LocalServices;
  readonly region: string;
  readonly accountId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values that stacks created before export. */
  readonly exports: Map<string, unknown>;
}

/** A stack that is there. */
export interface CreatedStack {
  readonly name: string;
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Types that were left out, each with the reason. */
  readonly ignored: ReadonlyMap<string, string>;
}

/** One resource of a stack that is there. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
}

/**
 * Creates every resource of a stack, in an order in which each finds what it refers to.
 *
 * @throws TemplateError by logical id and type for what cannot run here
 */
export async function createStack(stack: Stack, target: StackEnvironment): Promise<CreatedStack> {
  const { template, name } = stack;
  const created = new Map<string, CreatedResource>();
  const scope: ResolveScope = {
    template,
    created,
    exports: target.exports,
    parameters: parametersOf(stack, target),
  };
  refuseUnknownTypes(stack);
  const resources: StackResource[] = [];
  const ignored = new Map<string, string>();
  for (const logicalId of orderResources(template)) {
    const resource = template.Resources?.[logicalId];
    const type = resource && resourceTypeOf(resource.Type);
    if (!resource || !type) continue;
    if (resource.Condition && !isConditionTrue(resource.Condition, scope)) continue;
    const reason = reasonToIgnore(resource.Type);
    if (reason) ignored.set(resource.Type, reason);
    const context: ResourceContext = {
      ...target,
      logicalId,
      stackName: name,
      assets: stack.assets,
      metadata: resource.Metadata ?? {},
    };
    const properties = reason
      ? (resource.Properties ?? {})
      : (resolve(resource.Properties ?? {}, scope, `${logicalId} (${resource.Type})`) as Record<
          string,
          unknown
        >);
    const result = await type.create(properties, context);
    created.set(logicalId, result);
    resources.push({ logicalId, type: resource.Type, ref: result.ref });
  }
  return { name, resources, ignored, outputs: outputsOf(stack, scope, target.exports) };
}

function refuseUnknownTypes({ template, name }: Stack): void {
  const unknown = Object.entries(template.Resources ?? {})
    .filter(([, { Type }]) => !resourceTypeOf(Type))
    .map(([id, { Type }]) => `${id} (${Type})`);
  if (unknown.length === 0) return;
  throw new TemplateError(
    name,
    `has resources that cannot run on one machine: ${unknown.join(', ')}`,
  );
}

function parametersOf(
  { name, template }: Stack,
  { region, accountId, environment }: StackEnvironment,
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
  for (const [parameter, { Default }] of Object.entries(template.Parameters ?? {})) {
    parameters.set(parameter, environment[parameter] ?? Default);
  }
  return parameters;
}

function outputsOf(
  { template }: Stack,
  scope: ResolveScope,
  exports: Map<string, unknown>,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Export }] of Object.entries(template.Outputs ?? {})) {
    const value = resolve(Value, scope, `output ${name}`);
    outputs[name] = String(value);
    if (Export) exports.set(String(resolve(Export.Name, scope, `output ${name}`)), value);
  }
  return outputs;
}
