import { readPort } from '../port.ts';

/** Where to work, as far as it is given. */
export interface ConnectionOptions {
  /** Name of the CloudFormation stack. @default - the only one of the local run */
  readonly stack?: string;
  /** URL of the AWS APIs. @default - the local run's, unless `stack` is given */
  readonly endpoint?: string;
  /** @default - us-east-1 for a local run; else what the AWS SDK finds */
  readonly region?: string;
  /** Profile of the shared AWS configuration. @default - what the AWS SDK finds */
  readonly profile?: string;
}

/** Where a command works. */
export interface Connection {
  readonly stack: string | undefined;
  /** Undefined: the AWS SDK finds it. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** A program on this machine, which must never see real credentials. */
  readonly isLocal: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const loopback = /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Decides where to work: the local run, unless a stack or another endpoint is named.
 *
 * @throws when the endpoint is no URL, or the port in AWS_PORT none
 */
export function readConnection(
  options: ConnectionOptions,
  environment: Environment = process.env,
): Connection {
  const { stack, profile } = options;
  const endpoint =
    options.endpoint ??
    (stack === undefined
      ? `http://127.0.0.1:${readPort('AWS_PORT', 4566, environment)}`
      : undefined);
  const isLocal = endpoint !== undefined && loopback.test(hostOf(endpoint));
  const region = options.region ?? (isLocal ? (environment.AWS_REGION ?? 'us-east-1') : undefined);
  return { stack, endpoint, region, profile, isLocal };
}

function hostOf(endpoint: string): string {
  if (URL.canParse(endpoint)) return new URL(endpoint).hostname;
  throw new Error(
    `"${endpoint}" is no URL of an AWS endpoint. One looks like http://127.0.0.1:4566.`,
  );
}
