import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { openHttpApi } from './http-api.ts';
import type { IngressEndpoint, IngressEndpointProps } from './ingress-endpoint.ts';
import { openRestApi } from './rest-api.ts';

const sum = { statistic: 'Sum' };

/** The function that creates each kind of endpoint. */
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
  /** The URL that senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string | undefined;
  /** Webhooks that were answered 5xx, by ingest or because ingest could not be reached. */
  readonly failed: Metric;
  /** Webhooks that the endpoint answered 429 without invoking ingest. */
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
 * Creates a function URL. There is no API to pay for, and no throttle except the reserved concurrency of
 * ingest. The function itself checks method, path, source network and authentication.
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
