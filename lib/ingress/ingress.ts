import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { openHttpApi } from './http-api.ts';
import type { IngressEndpoint, IngressEndpointProps } from './ingress-endpoint.ts';
import { openRestApi } from './rest-api.ts';

const sum = { statistic: 'Sum' };

/** How each kind of endpoint is made. */
const ingresses = {
  'http-api': openHttpApi,
  'rest-api': openRestApi,
  'function-url': openFunctionUrl,
} as const satisfies Record<
  Settings['ingress'],
  (scope: Construct, props: IngressEndpointProps) => IngressEndpoint
>;

/** The endpoint that receives webhooks and invokes ingest. */
export class Ingress extends Construct implements IngressEndpoint {
  /** Where senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string | undefined;
  /** How many webhooks it has answered 5xx, whether ingest says so or is not reached. */
  readonly failed: Metric;
  /** How many it has answered 429 without asking ingest. */
  readonly throttled: Metric;

  constructor(scope: Construct, id: string, props: IngressEndpointProps) {
    super(scope, id);
    const { url, dnsTarget, failed, throttled } = ingresses[props.settings.ingress](this, props);
    this.url = url;
    this.dnsTarget = dnsTarget;
    this.failed = failed;
    this.throttled = throttled;
  }
}

/**
 * The function's own URL: no API before it, so nothing to pay for one, and no throttle but the reserved
 * concurrency of ingest. The function checks method, path, source and proof itself.
 */
function openFunctionUrl(_scope: Construct, { ingest }: IngressEndpointProps): IngressEndpoint {
  const { url } = ingest.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  return {
    // The URL ends with a slash.
    url: `${url}webhooks`,
    failed: ingest.metric('Url5xxCount', sum),
    // A function URL answers 429 where Lambda throttles the function.
    throttled: ingest.metricThrottles(sum),
  };
}
