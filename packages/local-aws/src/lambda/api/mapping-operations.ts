import type { LocalMapping } from '../event-source-mapping/event-source-mappings.ts';
import { defaultBatchSize } from '../event-source-mapping/mapping-settings.ts';
import { readFunctionReference } from '../function-settings.ts';
import type { FunctionRunner } from '../invoke/function-runner.ts';
import { jsonResponse, type Operation, pageOf } from './operation.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
export const listMappings: Operation = ({ request: { query }, mappings, runner }) => {
  const [functionName, sourceArn] = [query.get('FunctionName'), query.get('EventSourceArn')];
  const name = functionName && runner.getFunction(functionName).settings.name;
  const found = mappings
    .list()
    .filter(({ settings }) => !name || readFunctionReference(settings.functionName)?.name === name)
    .filter(({ settings }) => !sourceArn || settings.eventSourceArn === sourceArn);
  const { page, NextMarker } = pageOf(found, query, 100);
  const EventSourceMappings = page.map((mapping) => describeMapping(mapping, runner));
  return jsonResponse(200, { EventSourceMappings, NextMarker });
};

function describeMapping({ uuid, settings, lastModified }: LocalMapping, runner: FunctionRunner) {
  return {
    UUID: uuid,
    BatchSize: settings.batchSize ?? defaultBatchSize,
    MaximumBatchingWindowInSeconds: settings.maximumBatchingWindowSeconds ?? 0,
    EventSourceArn: settings.eventSourceArn,
    FunctionArn: functionArn(settings.functionName, runner),
    FunctionResponseTypes: settings.functionResponseTypes ?? [],
    FilterCriteria: settings.filterPatterns && {
      Filters: settings.filterPatterns.map((Pattern) => ({ Pattern })),
    },
    ScalingConfig: settings.maximumConcurrency && {
      MaximumConcurrency: settings.maximumConcurrency,
    },
    // Seconds, as timestamps are in Lambda's JSON.
    LastModified: lastModified / 1000,
    State: settings.enabled === false ? 'Disabled' : 'Enabled',
    StateTransitionReason: 'USER_INITIATED',
  };
}

/** The function may have been deleted since. */
function functionArn(name: string, runner: FunctionRunner): string {
  const wanted = readFunctionReference(name)?.name;
  const found = runner.listFunctions().find(({ settings }) => settings.name === wanted);
  return found?.settings.arn ?? name;
}
