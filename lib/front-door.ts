import { Construct } from 'constructs';
import type { Door, DoorProps } from './front-doors/door-props.ts';
import { openFunctionUrl } from './front-doors/function-url-door.ts';
import { openHttpApi } from './front-doors/http-api-door.ts';
import { refuseImpossibleDoor } from './front-doors/refuse-impossible-door.ts';
import { openRestApi } from './front-doors/rest-api-door.ts';
import type { Settings } from './settings.ts';

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

  /** @throws when settings do not go together: says which, and what to do */
  constructor(scope: Construct, id: string, props: DoorProps) {
    super(scope, id);
    refuseImpossibleDoor(props.settings);
    const { url, dnsTarget } = doors[props.settings.frontDoor](this, props);
    this.url = url;
    this.dnsTarget = dnsTarget;
  }
}
