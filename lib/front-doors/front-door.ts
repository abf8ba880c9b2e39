import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { Door, DoorProps } from './door-props.ts';
import { openHttpApi } from './http-api-door.ts';
import { openRestApi } from './rest-api-door.ts';

/** How each front door is made. */
const doors = {
  'http-api': openHttpApi,
  'rest-api': openRestApi,
  'function-url': openFunctionUrl,
} as const satisfies Record<Settings['frontDoor'], (scope: Construct, props: DoorProps) => Door>;

/** What takes webhooks in and hands them to ingest. */
export class FrontDoor extends Construct {
  /** Where senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string | undefined;

  constructor(scope: Construct, id: string, props: DoorProps) {
    super(scope, id);
    const { url, dnsTarget } = doors[props.settings.frontDoor](this, props);
    this.url = url;
    this.dnsTarget = dnsTarget;
  }
}

/**
 * The function's own URL: no API before it, so nothing to pay for one, and no throttle but the reserved
 * concurrency of ingest. The function checks method, path, source and proof itself.
 */
function openFunctionUrl(_scope: Construct, { ingest }: DoorProps): Door {
  const { url } = ingest.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  // The URL ends with a slash.
  return { url: `${url}webhooks` };
}
