import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { HttpApi } from './http-api/http-api.ts';
import type { CorsSettings, RouteSettings } from './http-api/http-api-settings.ts';
import type { LambdaService } from './lambda/lambda-service.ts';
import type { LocalObserver } from './local-observer.ts';
import type { HttpApiPlan } from './resources/api-gateway.ts';
import { TemplateError } from './template/template.ts';

/** What an HTTP API of the template needs to open. */
export interface HttpApiSurroundings {
  readonly clock: Clock;
  readonly lambda: LambdaService;
  readonly observer: LocalObserver;
}

/** Makes what the template says of an HTTP API into one that listens. */
export function openHttpApi(plan: HttpApiPlan, surroundings: HttpApiSurroundings): HttpApi {
  const { stage, apiId } = plan;
  if (!stage) throw new TemplateError(plan.name, 'is an HTTP API without a stage');
  const routes = plan.routes.map(({ routeKey, target }): RouteSettings => {
    const integration = plan.integrations.get(target);
    if (!integration)
      throw new TemplateError(plan.name, `has a route ${routeKey} that leads nowhere`);
    return { routeKey, ...integration };
  });
  const { clock, lambda, observer } = surroundings;
  return new HttpApi({
    settings: {
      apiId,
      routes,
      stage,
      ...(plan.corsConfiguration ? { corsConfiguration: corsOf(plan.corsConfiguration) } : {}),
    },
    clock,
    functions: lambda,
    accessLog: (line) => observer.accessLogged?.(line),
    onServed: (request) => observer.served?.(request),
    intercept: answerHealth,
  });
}

/** `GET /health` says that everything of the template is there. AWS has no such route. */
function answerHealth(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.url !== '/health' || request.method !== 'GET') return false;
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ready"}');
  return true;
}

const corsOf = (properties: Readonly<Record<string, unknown>>): CorsSettings => ({
  allowOrigins: properties.AllowOrigins as string[] | undefined,
  allowMethods: properties.AllowMethods as string[] | undefined,
  allowHeaders: properties.AllowHeaders as string[] | undefined,
  exposeHeaders: properties.ExposeHeaders as string[] | undefined,
  allowCredentials: properties.AllowCredentials as boolean | undefined,
  maxAge: properties.MaxAge as number | undefined,
});
