import { createHash } from 'node:crypto';
import type { HttpApiPlan } from '../http-api/http-api-plan.ts';
import { TemplateError } from '../template/template.ts';
import {
  functionArnOf,
  type Properties,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

/** Maximum timeout of an HTTP API's integration (API Gateway quotas for HTTP APIs). */
const maxIntegrationTimeoutMs = 30_000;

/** AWS::ApiGatewayV2::Api with the protocol HTTP. */
export const httpApi: ResourceType = {
  create(properties, { logicalId, stackName, services, region }) {
    if (properties.ProtocolType !== 'HTTP') {
      throw new TemplateError(logicalId, 'is a WebSocket API; the local run has HTTP APIs only');
    }
    if (properties.Body ?? properties.BodyS3Location ?? properties.Target) {
      throw new TemplateError(
        logicalId,
        'has an OpenAPI document or a quick-create target; the local run has routes and integrations only',
      );
    }
    const apiId = createHash('sha256')
      .update(`${stackName}/${logicalId}`)
      .digest('hex')
      .slice(0, 10);
    const origin = `https://${apiId}.execute-api.${region}.amazonaws.com`;
    services.httpApis.set(apiId, {
      apiId,
      kind: 'http-api',
      name: String(properties.Name ?? logicalId),
      origin,
      integrations: new Map(),
      routes: [],
      stage: undefined,
      corsConfiguration: properties.CorsConfiguration as Properties | undefined,
    });
    return {
      ref: apiId,
      attributes: {
        ApiId: apiId,
        ApiEndpoint: origin,
      },
    };
  },
};

/** AWS::ApiGatewayV2::Integration with a function behind it. */
export const httpApiIntegration: ResourceType = {
  create(properties, context) {
    const { logicalId } = context;
    const uri = String(properties.IntegrationUri);
    const functionArn = /arn:[^/]*:lambda:[^/]*:function:[^/]+/.exec(uri)?.[0];
    if (properties.IntegrationType !== 'AWS_PROXY' || !functionArn) {
      throw new TemplateError(
        logicalId,
        `integrates ${uri}; the local run has functions behind routes only`,
      );
    }
    if (properties.PayloadFormatVersion === '1.0') {
      throw new TemplateError(
        logicalId,
        'has the payload format 1.0; the local run has 2.0 only for HTTP APIs',
      );
    }
    planOf(properties, context).integrations.set(logicalId, {
      functionArn,
      timeoutMs: Number(properties.TimeoutInMillis ?? maxIntegrationTimeoutMs),
    });
    return { ref: logicalId };
  },
};

/** AWS::ApiGatewayV2::Route without an authorizer. */
export const httpApiRoute: ResourceType = {
  create(properties, context) {
    const { logicalId } = context;
    if (!['NONE', undefined].includes(properties.AuthorizationType as string | undefined)) {
      throw new TemplateError(logicalId, 'has an authorizer, which the local run does not have');
    }
    planOf(properties, context).routes.push({
      routeKey: String(properties.RouteKey),
      target: String(properties.Target).replace(/^integrations\//, ''),
    });
    return { ref: logicalId };
  },
};

/** AWS::ApiGatewayV2::Stage */
export const httpApiStage: ResourceType = {
  create(properties, context) {
    const name = String(properties.StageName);
    const byRoute = (properties.RouteSettings ?? {}) as Record<string, Properties>;
    planOf(properties, context).stage = {
      name,
      throttle: throttleOf((properties.DefaultRouteSettings ?? {}) as Properties),
      routeSettings: Object.fromEntries(
        Object.entries(byRoute).map(([route, settings]) => [route, throttleOf(settings)]),
      ),
      accessLogFormat: ((properties.AccessLogSettings ?? {}) as Properties).Format as
        | string
        | undefined,
    };
    return { ref: name };
  },
};

const throttleOf = ({ ThrottlingRateLimit, ThrottlingBurstLimit }: Properties) => ({
  rateLimit: ThrottlingRateLimit as number | undefined,
  burstLimit: ThrottlingBurstLimit as number | undefined,
});

function planOf({ ApiId }: Properties, { services, logicalId }: ResourceContext): HttpApiPlan {
  const plan = services.httpApis.get(String(ApiId));
  if (!plan) {
    throw new TemplateError(logicalId, `belongs to the API ${String(ApiId)}, which does not exist`);
  }
  return plan;
}

/** Function URLs have the maximum timeout of a function (Lambda Developer Guide): 15 minutes. */
const timeoutMs = 900_000;

/**
 * AWS::Lambda::Url without IAM, on a separate port. Its events have the same format as those of an
 * HTTP API (Lambda Developer Guide, "Invoking Lambda function URLs"), so an HTTP API serves it
 * here.
 */
export const functionUrl: ResourceType = {
  create(properties, context) {
    const { logicalId, services, region } = context;
    if (properties.AuthType !== 'NONE') {
      throw new TemplateError(
        `${logicalId} (AWS::Lambda::Url)`,
        'asks callers for IAM signatures, which the local run does not check. Use AuthType NONE.',
      );
    }
    if (properties.InvokeMode === 'RESPONSE_STREAM') {
      throw new TemplateError(
        `${logicalId} (AWS::Lambda::Url)`,
        'streams responses, which the local run does not. Use InvokeMode BUFFERED.',
      );
    }
    const functionArn = functionArnOf(properties.TargetFunctionArn, context);
    const urlId = createHash('sha256').update(functionArn).digest('hex').slice(0, 32);
    const origin = `https://${urlId}.lambda-url.${region}.on.aws`;
    services.httpApis.set(urlId, {
      apiId: urlId,
      kind: 'function-url',
      name: `${functionArn.split(':').at(-1)} (function URL)`,
      origin,
      integrations: new Map([[logicalId, { functionArn, timeoutMs }]]),
      routes: [{ routeKey: '$default', target: logicalId }],
      stage: { name: '$default', throttle: {}, routeSettings: {}, accessLogFormat: undefined },
      corsConfiguration: properties.Cors as Properties | undefined,
    });
    return {
      ref: functionArn,
      attributes: { FunctionArn: functionArn, FunctionUrl: `${origin}/` },
    };
  },
};

/**
 * Maximum timeout of a REST API's integration, unless its quota was raised (API Gateway quotas).
 */
const maxRestTimeoutMs = 29_000;

/** AWS::ApiGateway::RestApi without an OpenAPI body. */
export const restApi: ResourceType = {
  create(properties, { logicalId, stackName, services, region }) {
    if (properties.Body !== undefined || properties.BodyS3Location !== undefined) {
      throw new TemplateError(
        logicalId,
        'is a REST API made of an OpenAPI document; the local run has resources and methods only',
      );
    }
    if (Array.isArray(properties.BinaryMediaTypes) && properties.BinaryMediaTypes.length > 0) {
      throw new TemplateError(
        logicalId,
        'is a REST API with binary media types; the local run takes every body of a REST API as text',
      );
    }
    const apiId = createHash('sha256')
      .update(`${stackName}/${logicalId}`)
      .digest('hex')
      .slice(0, 10);
    services.httpApis.set(apiId, {
      apiId,
      kind: 'rest-api',
      name: String(properties.Name ?? logicalId),
      origin: `https://${apiId}.execute-api.${region}.amazonaws.com`,
      integrations: new Map(),
      routes: [],
      stage: undefined,
      corsConfiguration: undefined,
      responseHeaders: new Map(),
    });
    return { ref: apiId, attributes: { RestApiId: apiId, RootResourceId: '/' } };
  },
};

/** AWS::ApiGateway::Resource. Its id here is its path, so that no lookup is needed. */
export const restResource: ResourceType = {
  create({ ParentId, PathPart }) {
    const path = `${String(ParentId).replace(/\/$/, '')}/${String(PathPart)}`;
    return { ref: path, attributes: { ResourceId: path } };
  },
};

/** AWS::ApiGateway::Method with a function behind it. */
export const restMethod: ResourceType = {
  create(properties, context) {
    const { logicalId } = context;
    const integration = (properties.Integration ?? {}) as Properties;
    const functionArn = /arn:[^/]*:lambda:[^/]*:function:[^/]+/.exec(String(integration.Uri))?.[0];
    if (integration.Type !== 'AWS_PROXY' || !functionArn) {
      throw new TemplateError(
        logicalId,
        `has an integration of type ${String(integration.Type)}; the local run has functions behind methods only`,
      );
    }
    if (!['NONE', undefined].includes(properties.AuthorizationType as string | undefined)) {
      throw new TemplateError(logicalId, 'has an authorizer, which the local run does not have');
    }
    const plan = restPlanOf(properties, context);
    const timeoutMs = Number(integration.TimeoutInMillis ?? maxRestTimeoutMs);
    plan.integrations.set(logicalId, { functionArn, timeoutMs });
    const routeKey = `${String(properties.HttpMethod)} ${String(properties.ResourceId)}`;
    plan.routes.push({ routeKey, target: logicalId });
    return { ref: logicalId };
  },
};

/** AWS::ApiGateway::Deployment: always the present template. */
export const restDeployment: ResourceType = {
  create: (_properties, { logicalId }) => ({
    ref: logicalId,
    attributes: { DeploymentId: logicalId },
  }),
};

/**
 * AWS::ApiGateway::Stage. Throttling settings for all methods apply; those for single methods are
 * ignored.
 */
export const restStage: ResourceType = {
  create(properties, context) {
    const name = String(properties.StageName);
    const settings = (properties.MethodSettings ?? []) as readonly Properties[];
    const all = settings.find(
      ({ HttpMethod, ResourcePath }) => HttpMethod === '*' && ResourcePath === '/*',
    );
    restPlanOf(properties, context).stage = {
      name,
      throttle: {
        rateLimit: all?.ThrottlingRateLimit as number | undefined,
        burstLimit: all?.ThrottlingBurstLimit as number | undefined,
      },
      routeSettings: {},
      accessLogFormat: ((properties.AccessLogSetting ?? {}) as Properties).Format as
        | string
        | undefined,
    };
    return { ref: name };
  },
};

/** AWS::ApiGateway::GatewayResponse: its headers with fixed values. */
export const gatewayResponse: ResourceType = {
  create(properties, context) {
    const parameters = Object.entries((properties.ResponseParameters ?? {}) as Properties);
    const headers = parameters.flatMap(([name, value]): [string, string][] => {
      const [, header] = /^gatewayresponse\.header\.(.+)$/.exec(name) ?? [];
      const [, text] = /^'(.*)'$/.exec(String(value)) ?? [];
      return header !== undefined && text !== undefined ? [[header.toLowerCase(), text]] : [];
    });
    restPlanOf(properties, context).responseHeaders?.set(String(properties.ResponseType), headers);
    return { ref: context.logicalId };
  },
};

function restPlanOf(
  { RestApiId }: Properties,
  { services, logicalId }: ResourceContext,
): HttpApiPlan {
  const plan = services.httpApis.get(String(RestApiId));
  if (plan) {
    return plan;
  }
  throw new TemplateError(
    logicalId,
    `belongs to the API ${String(RestApiId)}, which does not exist`,
  );
}
