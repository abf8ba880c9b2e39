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

/** The route that a request takes. */
export interface RouteMatch {
  readonly route: RouteSettings;
  readonly pathParameters: ReadonlyMap<string, string>;
}

type Segment =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

interface Route {
  readonly settings: RouteSettings;
  readonly method: string;
  readonly segments: readonly Segment[];
}

/** The more specific route comes first. */
const rank = { fixed: 0, parameter: 1, greedy: 2 };

/**
 * Chooses routes as an HTTP API does: the most specific path that has the method, then a greedy
 * parameter, then `$default`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export class RouteTable {
  readonly #routes: readonly Route[];
  readonly #fallback: RouteSettings | undefined;

  /** Throws if a route key is malformed. */
  constructor(routes: readonly RouteSettings[]) {
    this.#fallback = routes.find(({ routeKey }) => routeKey === '$default');
    this.#routes = routes
      .filter(({ routeKey }) => routeKey !== '$default')
      .map(parseRoute)
      .sort(compareSpecificity);
  }

  /** `path` is percent-encoded, as it was requested. */
  match(method: string, path: string): RouteMatch | undefined {
    const parts = path.slice(1).split('/');
    for (const route of this.#routes) {
      if (route.method !== 'ANY' && route.method !== method) {
        continue;
      }
      const pathParameters = matchSegments(route.segments, parts);
      if (pathParameters) {
        return { route: route.settings, pathParameters };
      }
    }
    return this.#fallback && { route: this.#fallback, pathParameters: new Map() };
  }
}

function parseRoute(settings: RouteSettings): Route {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(settings.routeKey) ?? [];
  if (!method || !path) {
    throw new Error(`'${settings.routeKey}' is no route key like 'GET /pets'.`);
  }
  return { settings, method, segments: path.slice(1).split('/').map(parseSegment) };
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) {
    return { kind: 'fixed', text };
  }
  return { kind: plus ? 'greedy' : 'parameter', name };
}

function compareSpecificity(a: Route, b: Route): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [a.segments[index], b.segments[index]];
    const difference = (one ? rank[one.kind] : 3) - (other ? rank[other.kind] : 3);
    if (difference !== 0) {
      return difference;
    }
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) {
      return undefined;
    }
    if (segment.kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest ? parameters.set(segment.name, decodePath(rest)) : undefined;
    }
    if (segment.kind === 'parameter' && part) {
      parameters.set(segment.name, decodePath(part));
    } else if (segment.kind === 'parameter' || decodePath(part) !== segment.text) {
      return undefined;
    }
  }
  return parts.length === segments.length ? parameters : undefined;
}

/** A path without its percent-encoding; unchanged where that is malformed. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
