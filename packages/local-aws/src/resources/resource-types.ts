import type { TemplateResource } from '../template/template.ts';
import * as apiDestinations from './api-destinations.ts';
import * as apiGateway from './api-gateway.ts';
import { table } from './dynamodb.ts';
import * as events from './events.ts';
import { functionUrl } from './function-url.ts';
import * as sns from './ignored.ts';
import { ignored, ignoredTypes } from './ignored.ts';
import * as lambda from './lambda.ts';
import { alias, eventInvokeConfig, version } from './lambda-versions.ts';
import type { ResourceType } from './resource-type.ts';
import * as restApi from './rest-api.ts';
import { bucket } from './s3.ts';
import { secret } from './secrets-manager.ts';
import * as sqs from './sqs.ts';
import { parameter } from './ssm.ts';

/** Every CloudFormation resource type that runs on one machine. */
const runningTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGateway::Deployment': restApi.restDeployment,
  'AWS::ApiGateway::GatewayResponse': restApi.gatewayResponse,
  'AWS::ApiGateway::Method': restApi.restMethod,
  'AWS::ApiGateway::Resource': restApi.restResource,
  'AWS::ApiGateway::RestApi': restApi.restApi,
  'AWS::ApiGateway::Stage': restApi.restStage,
  'AWS::ApiGatewayV2::Api': apiGateway.httpApi,
  'AWS::ApiGatewayV2::Integration': apiGateway.httpApiIntegration,
  'AWS::ApiGatewayV2::Route': apiGateway.httpApiRoute,
  'AWS::ApiGatewayV2::Stage': apiGateway.httpApiStage,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::ApiDestination': apiDestinations.apiDestination,
  'AWS::Events::Archive': events.archive,
  'AWS::Events::Connection': apiDestinations.connection,
  'AWS::Events::EventBus': events.eventBus,
  'AWS::Events::Rule': events.rule,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': lambda.eventSourceMapping,
  'AWS::Lambda::Function': lambda.lambdaFunction,
  'AWS::Lambda::Url': functionUrl,
  'AWS::Lambda::Version': version,
  'AWS::S3::Bucket': bucket,
  'AWS::SNS::Subscription': sns.subscription,
  'AWS::SQS::Queue': sqs.queue,
  'AWS::SQS::QueuePolicy': sqs.queuePolicy,
  'AWS::SSM::Parameter': parameter,
  'AWS::SecretsManager::Secret': secret,
};

/** Metadata by which an app excludes a resource from local runs. */
const localMetadata = 'fanout:local';

/** The implementation of a type; undefined for an unsupported type. */
export function resourceTypeOf(type: string): ResourceType | undefined {
  if (Object.hasOwn(runningTypes, type)) {
    return runningTypes[type];
  }
  return Object.hasOwn(ignoredTypes, type) ? ignored : undefined;
}

/** The implementation of a resource's type; unsupported types must be refused before. */
export function resourceTypeFor(resource: TemplateResource): ResourceType {
  return isExcluded(resource) ? ignored : (resourceTypeOf(resource.Type) ?? ignored);
}

/** Why a type is ignored; undefined for a supported type. */
export function reasonToIgnore(type: string): string | undefined {
  return Object.hasOwn(ignoredTypes, type) ? ignoredTypes[type] : undefined;
}

/** Whether the app excludes a resource from local runs. */
export function isExcluded({ Metadata = {} }: TemplateResource): boolean {
  return Object.hasOwn(Metadata, localMetadata) && Metadata[localMetadata] === 'ignore';
}

/** Why an unsupported type cannot run. */
export function refusalOf(type: string): string {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') {
    return 'a custom resource runs its own code during the deployment of a stack, which is not supported here';
  }
  if (type === 'AWS::CloudFormation::Stack') {
    return 'nested stacks are not run; use stacks side by side';
  }
  const service = /^AWS::([A-Za-z0-9]+)::/.exec(type)?.[1];
  return service ? `there is no ${service} of this kind here` : 'this type is not known';
}
