import type { CorsSettings, HttpApiSettings, RouteSettings } from './http-api/http-api-settings.ts';
import type { HttpApiPlan } from './resources/api-gateway.ts';
import { TemplateError } from './template/template.ts';

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
