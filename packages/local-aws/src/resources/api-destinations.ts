import { AwsError, type JsonObject } from '../aws-service.ts';
import { physicalName, type ResourceContext, type ResourceType } from './resource-type.ts';

/** AWS::Events::Connection */
export const connection: ResourceType = {
  async create(properties, context) {
    const { eventBridge } = context.services;
    const Name = String(properties.Name ?? physicalName(context, 64));
    await createOrUpdate(context, 'Connection', {
      Name,
      Description: properties.Description,
      AuthorizationType: properties.AuthorizationType,
      AuthParameters: properties.AuthParameters,
    });
    const { ConnectionArn, SecretArn } = await eventBridge.call('DescribeConnection', { Name });
    return {
      ref: Name,
      attributes: { Arn: ConnectionArn, ArnForPolicy: ConnectionArn, SecretArn },
    };
  },
  async remove(Name, { services }) {
    await services.eventBridge.call('DeleteConnection', { Name }).catch(ignoreAbsence);
  },
};

/** AWS::Events::ApiDestination */
export const apiDestination: ResourceType = {
  async create(properties, context) {
    const Name = String(properties.Name ?? physicalName(context, 64));
    const rate = properties.InvocationRateLimitPerSecond;
    const { ApiDestinationArn } = await createOrUpdate(context, 'ApiDestination', {
      Name,
      Description: properties.Description,
      ConnectionArn: properties.ConnectionArn,
      HttpMethod: properties.HttpMethod,
      InvocationEndpoint: properties.InvocationEndpoint,
      InvocationRateLimitPerSecond: rate === undefined ? undefined : Number(rate),
    });
    return { ref: Name, attributes: { Arn: ApiDestinationArn, ArnForPolicy: ApiDestinationArn } };
  },
  async remove(Name, { services }) {
    await services.eventBridge.call('DeleteApiDestination', { Name }).catch(ignoreAbsence);
  },
};

async function createOrUpdate(
  { services: { eventBridge } }: ResourceContext,
  type: string,
  input: JsonObject,
): Promise<JsonObject> {
  try {
    return await eventBridge.call(`Create${type}`, input);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') {
      throw error;
    }
    return eventBridge.call(`Update${type}`, input);
  }
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') {
    throw error;
  }
}
