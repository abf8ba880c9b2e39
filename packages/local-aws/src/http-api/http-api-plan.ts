import { TemplateError } from '../template/template.ts';

/** The kinds of ingress in front of functions; each has its own error responses. */
export type IngressKind = 'http-api' | 'rest-api' | 'function-url';

/** The template's settings of one HTTP API, collected from several resources. */
export interface HttpApiPlan {
  readonly apiId: string;
  readonly kind: IngressKind;
  readonly name: string;
  /** Its URL in AWS, as in the template's outputs. */
  readonly origin: string;
  readonly integrations: Map<string, { readonly functionArn: string; readonly timeoutMs: number }>;
  readonly routes: { readonly routeKey: string; readonly target: string }[];
  stage: HttpApiStagePlan | undefined;
  readonly corsConfiguration: Readonly<Record<string, unknown>> | undefined;
  /** Headers that a REST API adds to its own responses, by the type of response. */
  readonly responseHeaders?: Map<string, readonly (readonly [string, string])[]>;
}

/** The template's settings of the API's stage. */
interface HttpApiStagePlan {
  readonly name: string;
  readonly throttle: { readonly rateLimit?: number; readonly burstLimit?: number };
  readonly routeSettings: Readonly<
    Record<string, { readonly rateLimit?: number; readonly burstLimit?: number }>
  >;
  readonly accessLogFormat: string | undefined;
}

/** The functions and settings that an HTTP API of the template uses. */
export function httpApiSettingsOf(plan: HttpApiPlan): HttpApiSettings {
  const { stage, apiId } = plan;
  if (!stage) {
    throw new TemplateError(plan.name, 'is an HTTP API without a stage');
  }
  const routes = plan.routes.map(({ routeKey, target }): RouteSettings => {
    const integration = plan.integrations.get(target);
    if (!integration) {
      throw new TemplateError(
        plan.name,
        `has a route ${routeKey} whose integration does not exist`,
      );
    }
    return { routeKey, ...integration };
  });
  return {
    apiId,
    kind: plan.kind,
    routes,
    stage,
    ...(plan.responseHeaders ? { responseHeaders: plan.responseHeaders } : {}),
    ...(plan.corsConfiguration ? { corsConfiguration: corsOf(plan.corsConfiguration) } : {}),
  };
}

const corsOf = (properties: Readonly<Record<string, unknown>>): CorsSettings => ({
  allowOrigins: properties.AllowOrigins as string[] | undefined,
  allowMethods: properties.AllowMethods as string[] | undefined,
  allowHeaders: properties.AllowHeaders as string[] | undefined,
  exposeHeaders: properties.ExposeHeaders as string[] | undefined,
  allowCredentials: properties.AllowCredentials as boolean | undefined,
  maxAge: properties.MaxAge as number | undefined,
});

/** An HTTP API of the template: `AWS::ApiGatewayV2::*` with intrinsics resolved. */
export interface HttpApiSettings {
  readonly apiId: string;
  /** @default 'http-api' */
  readonly kind?: IngressKind;
  readonly routes: readonly RouteSettings[];
  readonly stage: StageSettings;
  /**
   * Headers that are added to the gateway's own responses, by their type (`THROTTLED`,
   * `DEFAULT_5XX`).
   */
  readonly responseHeaders?: ReadonlyMap<string, readonly (readonly [string, string])[]>;
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
