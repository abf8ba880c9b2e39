import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Door, DoorProps } from './door-props.ts';

/**
 * The function's own URL: no API before it, so nothing to pay for one, and no throttle but the reserved
 * concurrency of ingest. The function checks method, path, source and proof itself.
 */
export function openFunctionUrl(_scope: Construct, { ingest }: DoorProps): Door {
  const { url } = ingest.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  // The URL ends with a slash.
  return { url: `${url}webhooks` };
}
