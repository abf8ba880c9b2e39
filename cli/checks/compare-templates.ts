import { canonicalJson } from '../../events/canonical-json.ts';
import { own, ownText } from '../../events/own.ts';

/** How two templates differ, by logical ids with their types. */
export interface TemplateDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What the CDK adds to count itself; it says nothing of what runs. */
const analytics = 'AWS::CDK::Metadata';

/** What a deployment of `wanted` would change in what was deployed as `deployed`. */
export function compareTemplates(deployed: unknown, wanted: unknown): TemplateDifference {
  const [before, after] = [resourcesOf(deployed), resourcesOf(wanted)];
  return {
    added: [...after].filter(([id]) => !before.has(id)).map(nameOf),
    removed: [...before].filter(([id]) => !after.has(id)).map(nameOf),
    changed: [...after]
      .filter(([id, resource]) => {
        const earlier = before.get(id);
        return earlier !== undefined && essence(earlier) !== essence(resource);
      })
      .map(nameOf),
  };
}

function resourcesOf(template: unknown): ReadonlyMap<string, unknown> {
  const resources = Object.entries((own(template, 'Resources') ?? {}) as Record<string, unknown>);
  return new Map(resources.filter(([, resource]) => own(resource, 'Type') !== analytics));
}

/** A resource without its metadata, which changes nothing. */
function essence(resource: unknown): string {
  const { Metadata: _, ...rest } = resource as Record<string, unknown>;
  return canonicalJson(rest);
}

const nameOf = ([id, resource]: readonly [string, unknown]) =>
  `${id} (${ownText(resource, 'Type') ?? '?'})`;
