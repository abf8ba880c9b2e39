import { AwsError, type AwsService, type JsonObject } from '../aws-service.ts';
import type { Protocol } from './aws-endpoint.ts';

/**
 * AWS JSON 1.0 and 1.1: the header `X-Amz-Target: Service.Action`, a JSON object as body.
 *
 * @param services by the target's prefix, for example `AmazonSQS`
 */
export function jsonProtocol(services: ReadonlyMap<string, AwsService>): Protocol {
  return async ({ headers, body, signal }) => {
    const target = headers['x-amz-target'];
    if (typeof target !== 'string') return undefined;
    const dot = target.lastIndexOf('.');
    const service = services.get(target.slice(0, dot));
    if (!service) return undefined;
    const result = await service.call(target.slice(dot + 1), parse(body), signal);
    return {
      status: 200,
      headers: { 'content-type': headers['content-type'] ?? 'application/x-amz-json-1.0' },
      body: JSON.stringify(result),
    };
  };
}

function parse(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as JsonObject;
  } catch {
    // Said below: the text itself may hold what must not be repeated.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}
