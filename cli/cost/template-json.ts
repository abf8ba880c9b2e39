/** A resource of a CloudFormation template, as far as anything is known of it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
}

/** Properties, of which any may be an intrinsic function in place of a value. */
export type Properties = Readonly<Record<string, unknown>>;

/** A CloudFormation template. */
export interface TemplateJson {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/**
 * Reads a template.
 *
 * @param source where it comes from, for the error
 * @throws when it is no template in JSON
 */
export function readTemplate(text: string, source: string): TemplateJson {
  let template: unknown;
  try {
    template = JSON.parse(text);
  } catch {
    throw new Error(
      `${source} is not JSON. A template in YAML is not read; cdk synth writes JSON into cdk.out.`,
    );
  }
  const resources = (template as Partial<TemplateJson> | null)?.Resources;
  if (typeof resources !== 'object' || resources === null) {
    throw new Error(`${source} has no "Resources", so it is no CloudFormation template.`);
  }
  return template as TemplateJson;
}

/** The logical id that a value refers to by `Ref` or `Fn::GetAtt`, however deep; undefined if it does not. */
export function referredId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: unknown; 'Fn::GetAtt'?: unknown };
  if (typeof Ref === 'string' && !Ref.startsWith('AWS::')) return Ref;
  if (Array.isArray(attribute)) return String(attribute[0]);
  if (typeof attribute === 'string') return attribute.split('.')[0];
  for (const part of Object.values(value)) {
    const found = referredId(part);
    if (found) return found;
  }
  return undefined;
}

/** Resources of one type, by logical id. */
export function resourcesOf(
  { Resources }: TemplateJson,
  type: string,
): readonly (readonly [id: string, properties: Properties])[] {
  return Object.entries(Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, { Properties = {} }]) => [id, Properties] as const);
}

/** A number among properties, or what it is otherwise. */
export const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
