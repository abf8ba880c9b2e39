import { getFunction, getFunctionConfiguration, listFunctions } from './function-operations.ts';
import { invoke } from './invoke-operation.ts';
import {
  createMapping,
  deleteMapping,
  getMapping,
  listMappings,
  updateMapping,
} from './mapping-operations.ts';
import type { LambdaRequest, Operation } from './operation.ts';

/** Method and path, without the API version, of each operation. */
const OPERATIONS: readonly (readonly [string, RegExp, Operation])[] = [
  ['GET', /^functions\/?$/, listFunctions],
  ['GET', /^functions\/([^/]+)$/, getFunction],
  ['GET', /^functions\/([^/]+)\/configuration$/, getFunctionConfiguration],
  ['POST', /^functions\/([^/]+)\/invocations$/, invoke],
  ['GET', /^event-source-mappings\/?$/, listMappings],
  ['POST', /^event-source-mappings\/?$/, createMapping],
  ['GET', /^event-source-mappings\/([^/]+)$/, getMapping],
  ['PUT', /^event-source-mappings\/([^/]+)$/, updateMapping],
  ['DELETE', /^event-source-mappings\/([^/]+)$/, deleteMapping],
];

const VERSION = '/2015-03-31/';

/** The operation that a request asks for, and what it is for. */
export function findOperation({
  method,
  path,
}: LambdaRequest): { readonly run: Operation; readonly id: string } | undefined {
  if (!path.startsWith(VERSION)) return undefined;
  for (const [operationMethod, pattern, run] of OPERATIONS) {
    const match = method === operationMethod ? pattern.exec(path.slice(VERSION.length)) : null;
    if (match) return { run, id: decode(match[1] ?? '') };
  }
  return undefined;
}

/** An ARN in a path is percent-encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
