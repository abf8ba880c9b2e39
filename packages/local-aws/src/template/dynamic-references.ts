import { TemplateError } from './template.ts';

/** Resolves the values of dynamic references. */
interface ReferencedValues {
  /** A secret's value by its ARN or name; undefined when there is none. */
  secret(id: string): string | undefined;
  /** A parameter's value by its name; undefined when there is none. */
  parameter(name: string): string | undefined;
}

const reference = /\{\{resolve:(secretsmanager|ssm|ssm-secure):([^{}]{1,2048})\}\}/g;

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
    return value.replace(reference, (_full, kind: string, path: string) =>
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
