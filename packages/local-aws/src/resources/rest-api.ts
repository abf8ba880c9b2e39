import { createHash } from 'node:crypto';
import type { HttpApiPlan } from '../http-api/http-api-plan.ts';
import { TemplateError } from '../template/template.ts';
import type { Properties, ResourceContext, ResourceType } from './resource-type.ts';

/**
 * Maximum timeout of a REST API's integration, unless its quota was raised (API Gateway quotas).
 */
const maxIntegrationTimeoutMs = 29_000;

/** AWS::ApiGateway::RestApi without an OpenAPI body. */
export const restApi: ResourceType = {
  create(properties, { logicalId, stackName, services, region }) {
    if (properties.Body !== undefined || properties.BodyS3Location !== undefined) {
      throw new TemplateError(
        logicalId,
        'is a REST API made of an OpenAPI document; the local run has resources and methods only',
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
    const plan = planOf(properties, context);
    const timeoutMs = Number(integration.TimeoutInMillis ?? maxIntegrationTimeoutMs);
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
    planOf(properties, context).stage = {
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
    planOf(properties, context).responseHeaders?.set(String(properties.ResponseType), headers);
    return { ref: context.logicalId };
  },
};

function planOf({ RestApiId }: Properties, { services, logicalId }: ResourceContext): HttpApiPlan {
  const plan = services.httpApis.get(String(RestApiId));
  if (plan) {
    return plan;
  }
  throw new TemplateError(
    logicalId,
    `belongs to the API ${String(RestApiId)}, which does not exist`,
  );
}
