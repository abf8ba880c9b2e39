import { isExcluded, refusalOf, resourceTypeOf } from '../resources/resource-types.ts';
import { type CreatedStack, createStack, type StackEnvironment } from './create-stack.ts';
import type { RegistryEntry, ResourceRegistry } from './template.ts';
import { type Stack, TemplateError } from './template.ts';

/** The services and environment to which stacks are deployed. */
interface DeploymentTarget extends Omit<StackEnvironment, 'exports' | 'stackOutputs' | 'created'> {
  readonly registry: ResourceRegistry;
}

/** The result of a deployment. */
export interface Deployment {
  readonly stacks: readonly CreatedStack[];
  /** One line for each resource of an earlier template that was removed, or kept and why. */
  readonly notes: readonly string[];
}

/**
 * Updates the running resources to the stacks: creates and updates first, then removes resources of
 * earlier templates that these stacks do not have. Resources that were created through the API
 * stay.
 *
 * @throws TemplateError for a resource that cannot run; nothing has been removed then
 */
export async function deploy(
  stacks: readonly Stack[],
  { registry, ...target }: DeploymentTarget,
): Promise<Deployment> {
  checkSupported(stacks);
  const exports = new Map<string, unknown>();
  const stackOutputs = new Map<string, unknown>();
  const created: CreatedStack[] = [];
  const current = new Set<string>();
  target.services.httpApis.clear();
  for (const stack of stacks) {
    const environment = {
      ...target,
      exports,
      stackOutputs,
      created: (entry: RegistryEntry) => {
        registry.add(entry);
        current.add(identify(entry));
      },
    };
    created.push(await createStack(stack, environment));
  }
  const notes: string[] = [];
  const gone = registry.entries().filter((entry) => !current.has(identify(entry)));
  for (const entry of gone.reverse()) {
    const note = await remove(entry, registry, target);
    if (note) {
      notes.push(note);
    }
  }
  return { stacks: created, notes };
}

/** The identity of a resource. It stays the same under another logical id or in another stack. */
const identify = ({ type, ref }: RegistryEntry) => `${type} ${ref}`;

async function remove(
  entry: RegistryEntry,
  registry: ResourceRegistry,
  target: Omit<DeploymentTarget, 'registry'>,
): Promise<string | undefined> {
  const { logicalId, type, ref, retain } = entry;
  const handler = resourceTypeOf(type);
  const name = `${logicalId} (${type}, ${ref})`;
  if (!handler?.remove) {
    registry.remove(entry);
    return undefined;
  }
  if (retain) {
    registry.remove(entry);
    return `Kept ${name}: it is no longer in the template, and its DeletionPolicy is Retain.`;
  }
  try {
    const reason = await handler.remove(ref, target);
    if (reason) {
      return `Kept ${name}: it is no longer in the template, but ${reason}.`;
    }
  } catch (error) {
    return `Kept ${name}: it is no longer in the template, but ${(error as Error).message}`;
  }
  registry.remove(entry);
  return `Removed ${name}, which is no longer in the template.`;
}

/**
 * Checks all stacks before anything is created.
 *
 * @throws TemplateError with logical id and type of each resource that cannot run here and is not
 * ignored
 */
function checkSupported(stacks: readonly Stack[]): void {
  for (const { name, template } of stacks) {
    const refused = Object.entries(template.Resources ?? {})
      .filter(([, resource]) => !isExcluded(resource) && !resourceTypeOf(resource.Type))
      .map(([id, { Type }]) => `  ${id} (${Type}): ${refusalOf(Type)}`);
    if (refused.length === 0) {
      continue;
    }
    throw new TemplateError(
      name,
      `has resources that cannot run on one machine:\n${refused.join('\n')}\n` +
        'Put them into a stack that is deployed to AWS only, or exclude them from local runs with the metadata ' +
        '"fanout:local": "ignore" (in CDK: construct.node.defaultChild.addMetadata(\'fanout:local\', \'ignore\')).',
    );
  }
}
