import type { LocalServices } from '../services.ts';
import type { Stack } from './template.ts';

/** The sources of values. */
export interface ParameterSources {
  readonly services: LocalServices;
  readonly region: string;
  readonly accountId: string;
  /** Environment variables; each sets the parameter of its name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * CloudFormation's pseudo parameters and the template's own. A parameter without a value in the
 * environment and without a default is undefined: referring to it is an error.
 */
export function parametersOf(
  { name, template }: Stack,
  { region, accountId, environment, services }: ParameterSources,
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
