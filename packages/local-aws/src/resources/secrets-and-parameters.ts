import { generateSecret } from '../secrets/secrets-manager.ts';
import { TemplateError } from '../template/template.ts';
import { physicalName, type ResourceContext, type ResourceType } from './resource-type.ts';

interface GenerateSecretString {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number;
}

/** The environment variables that set a secret's local value, in order of precedence. */
interface LocalValue {
  readonly variables: readonly string[];
  /** @default - generated, as AWS does */
  readonly otherwise?: string;
}

/** Template metadata by which an app sets a secret's value for local runs. */
const localValueMetadata = 'fanout:local-value';

/** Default length of a generated secret (Secrets Manager API reference). */
const defaultLength = 32;

/** AWS::SecretsManager::Secret */
export const secret: ResourceType = {
  create(properties, context) {
    const name = String(properties.Name ?? physicalName(context, 512));
    const { secretsManager } = context.services;
    const declared = localValue(context) ?? (properties.SecretString as string | undefined);
    const arn = secretsManager.declare({
      name,
      declared,
      generate: () => generate((properties.GenerateSecretString ?? {}) as GenerateSecretString),
      description: properties.Description as string | undefined,
    });
    return { ref: arn, attributes: { Id: arn } };
  },
  async remove(arn, { services }) {
    services.secretsManager.remove(arn);
  },
};

function localValue({ metadata, environment }: ResourceContext): string | undefined {
  const local = metadata[localValueMetadata] as LocalValue | undefined;
  if (!local) {
    return undefined;
  }
  const set = local.variables.find((name) => environment[name]);
  return set === undefined ? local.otherwise : environment[set];
}

function generate(settings: GenerateSecretString): string {
  const text = generateSecret(settings.PasswordLength ?? defaultLength);
  const { SecretStringTemplate: template, GenerateStringKey: key } = settings;
  if (!template || !key) {
    return text;
  }
  return JSON.stringify({ ...JSON.parse(template), [key]: text });
}

/**
 * AWS::SSM::Parameter. A value that was changed at run time stays until the template's value
 * changes, as CloudFormation does not undo drift.
 */
export const parameter: ResourceType = {
  create(properties, context) {
    const { logicalId, services } = context;
    const name = String(properties.Name ?? `CFN-${physicalName(context, 1_000)}`);
    const type = String(properties.Type);
    if (type !== 'String' && type !== 'StringList') {
      throw new TemplateError(
        logicalId,
        `is a parameter of the type ${type}; CloudFormation creates String and StringList only`,
      );
    }
    services.parameterStore.declare({
      name,
      type,
      value: String(properties.Value),
      description: properties.Description as string | undefined,
    });
    return { ref: name, attributes: { Type: type, Value: String(properties.Value) } };
  },
  async remove(name, { services }) {
    services.parameterStore.remove(name);
  },
};
