import { isLeftOut, refusalOf, resourceTypeOf } from '../resources/resource-types.ts';
import { type Stack, TemplateError } from './template.ts';

/**
 * Checks all stacks before anything is created.
 *
 * @throws TemplateError with each resource that cannot run here and matters, by logical id and type
 */
export function refuseWhatCannotRun(stacks: readonly Stack[]): void {
  for (const { name, template } of stacks) {
    const refused = Object.entries(template.Resources ?? {})
      .filter(([, resource]) => !isLeftOut(resource) && !resourceTypeOf(resource.Type))
      .map(([id, { Type }]) => `  ${id} (${Type}): ${refusalOf(Type)}`);
    if (refused.length === 0) continue;
    throw new TemplateError(
      name,
      `has what cannot run on one machine:\n${refused.join('\n')}\n` +
        'Put it into a stack that only AWS gets, or leave it out here with the metadata ' +
        '"fanout:local": "ignore" (in CDK: construct.node.defaultChild.addMetadata(\'fanout:local\', \'ignore\')).',
    );
  }
}
