import { TemplateError } from '../template/template.ts';
import type { DoorKind } from './door-answers.ts';
import type { CorsSettings, HttpApiSettings, RouteSettings } from './http-api-settings.ts';

/** What the template says of one HTTP API, gathered from several resources. */
export interface HttpApiPlan {
  readonly apiId: string;
  readonly kind: DoorKind;
  readonly name: string;
  /** Where it is in AWS: what the template's outputs say of its address. */
  readonly origin: string;
  readonly integrations: Map<string, { readonly functionArn: string; readonly timeoutMs: number }>;
  readonly routes: { readonly routeKey: string; readonly target: string }[];
  stage: HttpApiStagePlan | undefined;
  readonly corsConfiguration: Readonly<Record<string, unknown>> | undefined;
  /** Headers that a REST API adds to its own answers, by their type. */
  readonly answerHeaders?: Map<string, readonly (readonly [string, string])[]>;
}

/** What the template says of the API's stage. */
export interface HttpApiStagePlan {
  readonly name: string;
  readonly throttle: { readonly rateLimit?: number; readonly burstLimit?: number };
  readonly routeSettings: Readonly<
    Record<string, { readonly rateLimit?: number; readonly burstLimit?: number }>
  >;
  readonly accessLogFormat: string | undefined;
}

/** What an HTTP API of the template is served by. */
export function httpApiSettingsOf(plan: HttpApiPlan): HttpApiSettings {
  const { stage, apiId } = plan;
  if (!stage) throw new TemplateError(plan.name, 'is an HTTP API without a stage');
  const routes = plan.routes.map(({ routeKey, target }): RouteSettings => {
    const integration = plan.integrations.get(target);
    if (!integration)
      throw new TemplateError(plan.name, `has a route ${routeKey} that leads nowhere`);
    return { routeKey, ...integration };
  });
  return {
    apiId,
    kind: plan.kind,
    routes,
    stage,
    ...(plan.answerHeaders ? { answerHeaders: plan.answerHeaders } : {}),
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
