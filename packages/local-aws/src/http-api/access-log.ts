import type { HttpApiSettings } from './http-api-plan.ts';
import type { IntegrationResult } from './lambda-integration.ts';
import type { RequestFacts } from './request-event.ts';
import { formatCommonLogTime } from './request-event.ts';

/** How a request was answered. */
export interface ServedRequest {
  readonly facts: RequestFacts;
  readonly routeKey?: string;
  readonly accountId?: string;
  readonly status: number;
  /** Bytes of the body. @default - 0, when it was not read */
  readonly requestLength?: number;
  readonly responseLength: number;
  readonly responseLatencyMs: number;
  /** Set if the function was called. */
  readonly integration?: IntegrationResult['integration'];
  /** The gateway's message, when the gateway itself responds. */
  readonly error?: string;
}

const variable = /\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)/g;

/**
 * Renders the access log lines of a stage from its format
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html). A
 * variable without a value is `-`, and values are escaped so that a JSON format stays JSON whatever
 * a client sends.
 */
export function compileAccessLog(
  format: string,
  api: HttpApiSettings,
): (request: ServedRequest) => string {
  return (request) => {
    const variables = listVariables(request, api);
    return format.replace(variable, (_all, name: string) => {
      const value = variables.get(name);
      return value === undefined ? '-' : JSON.stringify(String(value)).slice(1, -1);
    });
  };
}

function listVariables(
  { facts, integration, ...served }: ServedRequest,
  api: HttpApiSettings,
): ReadonlyMap<string, string | number | undefined> {
  return new Map<string, string | number | undefined>([
    ['accountId', served.accountId],
    ['apiId', api.apiId],
    ['awsEndpointRequestId', integration?.requestId],
    ['dataProcessed', served.requestLength ?? 0],
    ['domainName', facts.domainName],
    ['domainPrefix', facts.domainName.split('.')[0]],
    ['error.message', served.error],
    ['error.messageString', served.error && `"${served.error}"`],
    ['extendedRequestId', facts.requestId],
    ['httpMethod', facts.method],
    ['identity.sourceIp', facts.sourceIp],
    ['identity.userAgent', facts.userAgent],
    ['integration.error', integration?.error],
    ['integration.integrationStatus', integration?.status],
    ['integration.latency', integration?.latencyMs],
    ['integration.requestId', integration?.requestId],
    ['integration.status', integration?.functionStatus],
    ['integrationErrorMessage', integration?.error],
    ['integrationLatency', integration?.latencyMs],
    ['integrationStatus', integration?.status],
    ['path', facts.path],
    ['protocol', facts.protocol],
    ['requestId', facts.requestId],
    ['requestTime', formatCommonLogTime(facts.time)],
    ['requestTimeEpoch', facts.time],
    ['responseLatency', served.responseLatencyMs],
    ['responseLength', served.responseLength],
    ['routeKey', served.routeKey],
    ['stage', api.stage.name],
    ['status', served.status],
  ]);
}
