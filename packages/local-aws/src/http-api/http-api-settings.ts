import type { DoorKind } from './door-answers.ts';

/** An HTTP API of the template: `AWS::ApiGatewayV2::*` with intrinsics resolved. */
export interface HttpApiSettings {
  readonly apiId: string;
  /** @default 'http-api' */
  readonly kind?: DoorKind;
  readonly routes: readonly RouteSettings[];
  readonly stage: StageSettings;
  /** Headers that are added to the door's own answers, by their type (`THROTTLED`, `DEFAULT_5XX`). */
  readonly answerHeaders?: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  /** @default no CORS: preflight requests are routed like others */
  readonly corsConfiguration?: CorsSettings;
}

/** A route with the Lambda proxy integration (payload format 2.0) that it leads to. */
export interface RouteSettings {
  /** `POST /webhooks`, `ANY /files/{proxy+}`, `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  /** `TimeoutInMillis` of the integration. @default 30000 */
  readonly timeoutMs?: number;
}

/** `AWS::ApiGatewayV2::Stage`. */
export interface StageSettings {
  /** `$default`, or a name that is the first segment of each path. */
  readonly name: string;
  /** `DefaultRouteSettings`. @default the account's 10,000 a second, 5,000 at once */
  readonly throttle?: Throttle;
  /** `RouteSettings`: throttles of single routes, by route key. */
  readonly routeSettings?: Readonly<Record<string, Throttle>>;
  /** The `Format` of `AccessLogSettings`. @default no access log */
  readonly accessLogFormat?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

export interface Throttle {
  /** Requests a second (`ThrottlingRateLimit`). */
  readonly rateLimit?: number;
  /** Requests at once (`ThrottlingBurstLimit`). */
  readonly burstLimit?: number;
}

/** `CorsConfiguration`. */
export interface CorsSettings {
  readonly allowOrigins?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly allowCredentials?: boolean;
  /** Seconds. */
  readonly maxAge?: number;
}
