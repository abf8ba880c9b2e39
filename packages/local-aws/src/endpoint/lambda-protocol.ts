import type { LambdaService } from '../lambda/lambda-service.ts';
import type { Protocol } from './aws-endpoint.ts';

/** Lambda's REST API, as `aws lambda` speaks it. */
export function lambdaProtocol(lambda: LambdaService): Protocol {
  return async ({ service, method, url, headers, body }) =>
    service === 'lambda'
      ? lambda.handle({ method, path: url.pathname, query: url.searchParams, headers, body })
      : undefined;
}
