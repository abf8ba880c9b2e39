import type { AsyncInvokeSettings } from '../lambda/function-settings.ts';
import { asyncRecordTo } from './async-destination.ts';
import type { Properties, ResourceContext, ResourceType } from './resource-type.ts';

/** The number of the only version that a function has here: its present code. */
const onlyVersion = '1';

/** AWS::Lambda::Version: another name of the function's present code. */
export const version: ResourceType = {
  create({ FunctionName }, context) {
    const functionArn = arnOf(FunctionName, context);
    context.services.lambda.addQualifier(functionArn, onlyVersion);
    const arn = `${functionArn}:${onlyVersion}`;
    return { ref: arn, attributes: { FunctionArn: arn, Version: onlyVersion } };
  },
};

/** AWS::Lambda::Alias: another name of the function's present code. */
export const alias: ResourceType = {
  create({ FunctionName, Name }, context) {
    const functionArn = arnOf(FunctionName, context);
    context.services.lambda.addQualifier(functionArn, String(Name));
    const arn = `${functionArn}:${String(Name)}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
};

/** AWS::Lambda::EventInvokeConfig: retries and destinations of asynchronous invocations. */
export const eventInvokeConfig: ResourceType = {
  create(properties, context) {
    const { services } = context;
    const { OnFailure, OnSuccess } = (properties.DestinationConfig ?? {}) as {
      OnFailure?: { Destination: string };
      OnSuccess?: { Destination: string };
    };
    const functionArn = arnOf(properties.FunctionName, context);
    const settings: AsyncInvokeSettings = {
      maximumRetryAttempts: optionalNumber(properties, 'MaximumRetryAttempts'),
      maximumEventAgeSeconds: optionalNumber(properties, 'MaximumEventAgeInSeconds'),
      ...(OnFailure && { onFailure: asyncRecordTo(OnFailure.Destination, 'Failure', context) }),
      ...(OnSuccess && { onSuccess: asyncRecordTo(OnSuccess.Destination, 'Success', context) }),
    };
    services.lambda.configureAsyncInvoke(functionArn, settings);
    return { ref: `${functionArn}|${String(properties.Qualifier ?? '$LATEST')}` };
  },
  async remove(ref, { services }) {
    const [functionArn = ''] = ref.split('|');
    const isThere = services.lambda
      .listFunctions()
      .some(({ settings }) => settings.arn === functionArn);
    if (isThere) {
      services.lambda.configureAsyncInvoke(functionArn, undefined);
    }
  },
};

const optionalNumber = (properties: Properties, name: string) =>
  properties[name] === undefined ? undefined : Number(properties[name]);

/** The ARN of a function that is given by name or by ARN, with or without a version. */
export function arnOf(nameOrArn: unknown, { region, accountId }: ResourceContext): string {
  const given = String(nameOrArn);
  const [arn] = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+/.exec(given) ?? [];
  return arn ?? `arn:aws:lambda:${region}:${accountId}:function:${given.split(':')[0]}`;
}
