import type { MappingSettings } from '../lambda/mapping-settings.ts';
import { TemplateError } from '../template/template.ts';
import {
  type Properties,
  physicalName,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

/** AWS::Lambda::Function with a Node.js runtime and its code in an asset. */
export const lambdaFunction: ResourceType = {
  create(properties, context) {
    const name = String(properties.FunctionName ?? physicalName(context, 64));
    const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
    requireNode(properties.Runtime, context.logicalId);
    const logging = (properties.LoggingConfig ?? {}) as Properties;
    const variables = ((properties.Environment ?? {}) as Properties).Variables ?? {};
    context.services.lambda.createFunction({
      name,
      arn,
      codeDirectory: codeDirectory(properties, context),
      handler: String(properties.Handler),
      timeoutSeconds: Number(properties.Timeout ?? 3),
      memoryMb: Number(properties.MemorySize ?? 128),
      environment: Object.fromEntries(
        Object.entries(variables).map(([key, value]) => [key, String(value)]),
      ),
      reservedConcurrency: properties.ReservedConcurrentExecutions as number | undefined,
      loggingFormat: logging.LogFormat === 'JSON' ? 'JSON' : 'Text',
      applicationLogLevel: logging.ApplicationLogLevel as string | undefined,
      systemLogLevel: logging.SystemLogLevel as 'DEBUG' | 'INFO' | 'WARN' | undefined,
      description: properties.Description as string | undefined,
    });
    return { ref: name, attributes: { Arn: arn } };
  },
};

function requireNode(runtime: unknown, logicalId: string): void {
  if (/^nodejs\d+\.x$/.test(String(runtime))) return;
  throw new TemplateError(
    logicalId,
    `is a function with the runtime ${String(runtime)}; the local run has Node.js only`,
  );
}

function codeDirectory({ Code }: Properties, { assets, logicalId }: ResourceContext): string {
  const key = String((Code as Properties | undefined)?.S3Key);
  const directory = assets.get(key);
  if (directory) return directory;
  throw new TemplateError(
    logicalId,
    `has code that is not in the assembly (${key}). Synthesize again.`,
  );
}

/** AWS::Lambda::EventSourceMapping from a queue. */
export const eventSourceMapping: ResourceType = {
  create(properties, { services }) {
    const settings: MappingSettings = {
      functionName: String(properties.FunctionName),
      eventSourceArn: String(properties.EventSourceArn),
      batchSize: optionalNumber(properties.BatchSize),
      maximumBatchingWindowSeconds: optionalNumber(properties.MaximumBatchingWindowInSeconds),
      functionResponseTypes: properties.FunctionResponseTypes as string[] | undefined,
      filterPatterns: filterPatterns(properties.FilterCriteria),
      maximumConcurrency: optionalNumber(
        (properties.ScalingConfig as Properties | undefined)?.MaximumConcurrency,
      ),
      enabled: String(properties.Enabled ?? true) === 'true',
    };
    const uuid = services.lambda.createEventSourceMapping(settings);
    return { ref: uuid, attributes: { Id: uuid } };
  },
};

const optionalNumber = (value: unknown) => (value === undefined ? undefined : Number(value));

const filterPatterns = (criteria: unknown) =>
  (criteria as { Filters?: { Pattern: string }[] } | undefined)?.Filters?.map(
    ({ Pattern }) => Pattern,
  );
