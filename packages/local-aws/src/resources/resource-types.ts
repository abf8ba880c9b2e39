import { TemplateError, type TemplateResource } from '../template/template.ts';
import * as apiGateway from './api-gateway.ts';
import * as restApi from './api-gateway.ts';
import * as events from './events.ts';
import * as lambda from './lambda.ts';
import { eventInvokeConfig } from './lambda.ts';
import type { ResourceType } from './resource-type.ts';
import * as sqs from './sqs.ts';
import { bucket, parameter, secret, table } from './stored-data.ts';

/**
 * Types that do not affect the flow of events on one machine, each with the reason, which is logged
 * once at the start.
 */
const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'settings of an account',
  'AWS::ApiGateway::BasePathMapping':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::ApiGateway::DomainName':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::ApiGatewayV2::ApiMapping':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::ApiGatewayV2::Deployment': 'the stage always has the present template',
  'AWS::ApiGatewayV2::DomainName':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::CDK::Metadata': 'usage statistics',
  'AWS::Chatbot::SlackChannelConfiguration': 'notifications are not sent locally',
  'AWS::CloudWatch::Alarm': 'no metrics are kept locally',
  'AWS::CloudWatch::CompositeAlarm': 'no metrics are kept locally',
  'AWS::CloudWatch::Dashboard': 'no metrics are kept locally',
  'AWS::CloudWatch::InsightRule': 'no metrics are kept locally',
  'AWS::Events::EventBusPolicy': 'permissions are not enforced locally',
  'AWS::IAM::ManagedPolicy': 'permissions are not enforced locally',
  'AWS::IAM::Policy': 'permissions are not enforced locally',
  'AWS::IAM::Role': 'permissions are not enforced locally',
  'AWS::KMS::Alias': 'nothing is encrypted locally',
  'AWS::KMS::Key': 'nothing is encrypted locally',
  'AWS::Lambda::Permission': 'permissions are not enforced locally',
  'AWS::Logs::LogGroup': 'logs go to the terminal and to files',
  'AWS::Logs::LogStream': 'logs go to the terminal and to files',
  'AWS::Logs::MetricFilter': 'no metrics are kept locally',
  'AWS::Logs::QueryDefinition': 'logs go to the terminal and to files',
  'AWS::Logs::ResourcePolicy': 'permissions are not enforced locally',
  'AWS::ResourceGroups::Group': 'nothing is grouped locally',
  'AWS::S3::BucketPolicy': 'permissions are not enforced locally',
  'AWS::SNS::Topic': 'notifications are not sent locally',
  'AWS::SNS::TopicPolicy': 'permissions are not enforced locally',
  'AWS::SecretsManager::ResourcePolicy': 'permissions are not enforced locally',
  'AWS::WAFv2::WebACL': 'firewall rules are not enforced locally',
  'AWS::WAFv2::WebACLAssociation': 'firewall rules are not enforced locally',
  'Custom::LogRetention': 'logs go to the terminal and to files',
  'Custom::S3AutoDeleteObjects': 'a bucket that is gone is deleted when it is empty',
};

/**
 * A placeholder for a resource that is not created; references to it resolve to a name that shows
 * this.
 */
export const ignored: ResourceType = {
  create: (properties, { logicalId, region, accountId }) => {
    const name =
      properties.LogGroupName ?? properties.RoleName ?? properties.AlarmName ?? logicalId;
    const arn = `arn:aws:local:${region}:${accountId}:${String(name)}`;
    const attributes = {
      Arn: arn,
      RoleId: logicalId,
      KeyId: logicalId,
      RegionalDomainName: String(name),
    };
    return { ref: String(name), attributes };
  },
};

/** Protocols by which a topic notifies people. Local runs send no notifications. */
const notificationProtocols = /^(email|email-json|sms|application)$/;

/**
 * AWS::SNS::Subscription: subscriptions that notify people are ignored; those that forward events
 * are refused.
 */
export const subscription: ResourceType = {
  create({ Protocol }, { logicalId }) {
    if (notificationProtocols.test(String(Protocol))) {
      return { ref: logicalId };
    }
    throw new TemplateError(
      `${logicalId} (AWS::SNS::Subscription)`,
      `sends to ${String(Protocol)}; the local run has no SNS. Let an EventBridge rule send there instead.`,
    );
  },
};

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
  'AWS::Events::ApiDestination': events.apiDestination,
  'AWS::Events::Archive': events.archive,
  'AWS::Events::Connection': events.connection,
  'AWS::Events::EventBus': events.eventBus,
  'AWS::Events::Rule': events.rule,
  'AWS::Lambda::Alias': lambda.alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': lambda.eventSourceMapping,
  'AWS::Lambda::Function': lambda.lambdaFunction,
  'AWS::Lambda::Url': apiGateway.functionUrl,
  'AWS::Lambda::Version': lambda.version,
  'AWS::S3::Bucket': bucket,
  'AWS::SNS::Subscription': subscription,
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

/** The implementation of a resource's type, which must be supported. */
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
    return 'nested stacks are not run; use separate stacks instead';
  }
  const service = /^AWS::([A-Za-z0-9]+)::/.exec(type)?.[1];
  return service
    ? `the local run does not have this type of ${service} resource`
    : 'this type is not known';
}
