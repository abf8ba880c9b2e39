import type { EventSourceMappings } from '../event-source-mapping/event-source-mappings.ts';
import type { FunctionRunner } from '../invoke/function-runner.ts';

/** A request to the Lambda API. */
export interface LambdaRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface LambdaResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The arguments of an operation of the API. */
export interface OperationContext {
  readonly request: LambdaRequest;
  readonly runner: FunctionRunner;
  readonly mappings: EventSourceMappings;
  /** The function's name or the mapping's id in the path; empty where the path has none. */
  readonly id: string;
}

export type Operation = (context: OperationContext) => LambdaResponse | Promise<LambdaResponse>;

/** A JSON answer. */
export function jsonResponse(status: number, body: object): LambdaResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** One page of a list, by the `Marker` and `MaxItems` of the query. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  max: number,
): { readonly page: readonly T[]; readonly NextMarker?: string } {
  const start = Math.max(0, Number.parseInt(query.get('Marker') ?? '0', 10) || 0);
  const wanted = Number.parseInt(query.get('MaxItems') ?? '', 10) || max;
  const end = start + Math.min(max, Math.max(1, wanted));
  const NextMarker = end < items.length ? String(end) : undefined;
  return { page: items.slice(start, end), NextMarker };
}
