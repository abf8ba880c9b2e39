import { pathToFileURL } from 'node:url';
import { defaultMemoryMb, defaultTimeoutSeconds } from '../function-settings.ts';
import type { LocalFunction } from '../invoke/function-runner.ts';
import { jsonResponse, type Operation, pageOf } from './operation.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const listFunctions: Operation = ({ request, runner }) => {
  const { page, NextMarker } = pageOf(runner.listFunctions(), request.query, 50);
  return jsonResponse(200, { Functions: page.map(describeFunction), NextMarker });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const getFunction: Operation = ({ id, runner }) => {
  const found = runner.getFunction(id);
  const { codeDirectory, reservedConcurrency } = found.settings;
  return jsonResponse(200, {
    Configuration: describeFunction(found),
    Code: { RepositoryType: 'local', Location: pathToFileURL(codeDirectory).href },
    ...(reservedConcurrency !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: reservedConcurrency },
    }),
  });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export const getFunctionConfiguration: Operation = ({ id, runner }) =>
  jsonResponse(200, describeFunction(runner.getFunction(id)));

function describeFunction({ settings, lastModified, revisionId }: LocalFunction): object {
  const isJson = settings.loggingFormat === 'JSON';
  return {
    FunctionName: settings.name,
    FunctionArn: settings.arn,
    Runtime: settings.runtime ?? 'nodejs24.x',
    Role: settings.role,
    Handler: settings.handler,
    Description: settings.description ?? '',
    Timeout: settings.timeoutSeconds ?? defaultTimeoutSeconds,
    MemorySize: settings.memoryMb ?? defaultMemoryMb,
    LastModified: lastModified,
    Version: '$LATEST',
    Environment: { Variables: settings.environment ?? {} },
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    LoggingConfig: {
      LogFormat: isJson ? 'JSON' : 'Text',
      ...(isJson && {
        ApplicationLogLevel: settings.applicationLogLevel ?? 'INFO',
        SystemLogLevel: settings.systemLogLevel ?? 'INFO',
      }),
      LogGroup: settings.logGroupName ?? `/aws/lambda/${settings.name}`,
    },
  };
}
