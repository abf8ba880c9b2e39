/** What of a CloudFormation template the documents look at. */
export interface DocumentedTemplate {
  readonly Resources: Readonly<Record<string, DocumentedResource>>;
}

/** One resource of a template. */
interface DocumentedResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The resources of a type, by logical id. */
export const resourcesOf = (
  { Resources }: DocumentedTemplate,
  type: string,
): readonly (readonly [string, DocumentedResource])[] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

const names = ['QueueName', 'TableName', 'FunctionName', 'LogGroupName', 'TopicName', 'Name'];

/** A resource as a person knows it: its own name, or its logical id without what CDK adds. */
export function nameOf({ Resources }: DocumentedTemplate, logicalId: string): string {
  const { Properties = {} } = Resources[logicalId] ?? {};
  const own = names.map((name) => Properties[name]).find((name) => typeof name === 'string');
  return own === undefined
    ? logicalId.replace(/^Fanout/, '').replace(/[0-9A-F]{8}$/, '')
    : String(own);
}

/** A value of a template with its references written out. */
export function inWords(template: DocumentedTemplate, value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => inWords(template, each)).join(', ');
  }
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') {
    return Ref.startsWith('AWS::') ? `<${Ref}>` : nameOf(template, Ref);
  }
  if (Array.isArray(attribute)) {
    return nameOf(template, String(attribute[0]));
  }
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return join[1].map((part) => inWords(template, part)).join(String(join[0]));
  }
  return JSON.stringify(value);
}
