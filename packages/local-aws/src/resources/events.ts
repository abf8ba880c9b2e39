import { AwsError, type JsonObject } from '../aws-service.ts';
import {
  type Properties,
  physicalName,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

/** AWS::Events::EventBus */
export const eventBus: ResourceType = {
  async create({ Name, Description }, { services, region, accountId }) {
    const name = String(Name);
    await services.eventBridge
      .call('CreateEventBus', { Name: name, Description })
      .catch(ignore('ResourceAlreadyExistsException'));
    return {
      ref: name,
      attributes: { Arn: `arn:aws:events:${region}:${accountId}:event-bus/${name}`, Name: name },
    };
  },
  async remove(Name, { services: { eventBridge } }) {
    const { Rules } = await eventBridge
      .call('ListRules', { EventBusName: Name })
      .catch(noneWithout);
    if (((Rules ?? []) as unknown[]).length > 0) {
      return 'it has rules that were added at run time';
    }
    await eventBridge.call('DeleteEventBus', { Name });
    return undefined;
  },
};

/** AWS::Events::Rule, with its targets; a target that the template no longer names is removed. */
export const rule: ResourceType = {
  async create(properties, context) {
    const { eventBridge } = context.services;
    const { EventBusName, EventPattern, ScheduleExpression, State, Description } = properties;
    const name = String(properties.Name ?? physicalName(context, 64));
    const bus = EventBusName === undefined ? 'default' : String(EventBusName);
    const { RuleArn } = await eventBridge.call('PutRule', {
      Name: name,
      EventBusName: bus,
      EventPattern: typeof EventPattern === 'object' ? JSON.stringify(EventPattern) : EventPattern,
      ScheduleExpression,
      State,
      Description,
    });
    await putTargets(name, bus, (properties.Targets ?? []) as Target[], context);
    const ref = bus === 'default' ? name : `${bus.split('/').at(-1)}|${name}`;
    return { ref, attributes: { Arn: RuleArn } };
  },
  async remove(ref, { services }) {
    const [bus, name] = ref.includes('|') ? ref.split('|') : ['default', ref];
    const key = { Rule: name, EventBusName: bus };
    const { Targets } = await services.eventBridge
      .call('ListTargetsByRule', key)
      .catch(noneWithout);
    const Ids = ((Targets ?? []) as Target[]).map(({ Id }) => Id);
    if (Ids.length > 0) {
      await services.eventBridge.call('RemoveTargets', { ...key, Ids });
    }
    await services.eventBridge
      .call('DeleteRule', { Name: name, EventBusName: bus })
      .catch(noneWithout);
  },
};

interface Target extends Properties {
  readonly Id: string;
}

async function putTargets(
  Rule: string,
  EventBusName: string,
  targets: readonly Target[],
  { services }: ResourceContext,
): Promise<void> {
  const { eventBridge } = services;
  const present = await eventBridge.call('ListTargetsByRule', { Rule, EventBusName });
  const gone = ((present.Targets ?? []) as Target[])
    .map(({ Id }) => Id)
    .filter((id) => targets.every(({ Id }) => Id !== id));
  if (gone.length > 0) {
    await eventBridge.call('RemoveTargets', { Rule, EventBusName, Ids: gone });
  }
  if (targets.length > 0) {
    await eventBridge.call('PutTargets', { Rule, EventBusName, Targets: targets });
  }
}

/** AWS::Events::Archive */
export const archive: ResourceType = {
  async create(properties, context) {
    const { eventBridge } = context.services;
    const ArchiveName = String(properties.ArchiveName ?? physicalName(context, 48));
    const settings = {
      ArchiveName,
      EventPattern:
        properties.EventPattern === undefined ? undefined : JSON.stringify(properties.EventPattern),
      RetentionDays: properties.RetentionDays,
      Description: properties.Description,
    };
    await eventBridge
      .call('CreateArchive', { ...settings, EventSourceArn: properties.SourceArn })
      .catch(async (error: unknown) => {
        ignore('ResourceAlreadyExistsException')(error);
        await eventBridge.call('UpdateArchive', settings);
      });
    const { region, accountId } = context;
    return {
      ref: ArchiveName,
      attributes: {
        Arn: `arn:aws:events:${region}:${accountId}:archive/${ArchiveName}`,
        ArchiveName,
      },
    };
  },
  async remove(ArchiveName, { services: { eventBridge } }) {
    const { EventCount } = await eventBridge
      .call('DescribeArchive', { ArchiveName })
      .catch(noneWithout);
    if (Number(EventCount ?? 0) > 0) {
      return `it holds ${EventCount} events. To delete it: aws events delete-archive --archive-name ${ArchiveName}`;
    }
    await eventBridge.call('DeleteArchive', { ArchiveName }).catch(noneWithout);
    return undefined;
  },
};

/** Ignores one AWS error and throws every other one. */
const ignore = (code: string) => (error: unknown) => {
  if (!(error instanceof AwsError) || error.code !== code) {
    throw error;
  }
};

/** A resource that does not exist is empty. */
function noneWithout(error: unknown): JsonObject {
  ignore('ResourceNotFoundException')(error);
  return {};
}

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
    await services.eventBridge.call('DeleteConnection', { Name }).catch(noneWithout);
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
    await services.eventBridge.call('DeleteApiDestination', { Name }).catch(noneWithout);
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
    ignore('ResourceAlreadyExistsException')(error);
    return eventBridge.call(`Update${type}`, input);
  }
}
