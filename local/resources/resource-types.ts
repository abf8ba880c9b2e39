import * as apiGateway from './api-gateway.ts';
import { table } from './dynamodb.ts';
import * as events from './events.ts';
import { ignored, ignoredTypes } from './ignored.ts';
import * as lambda from './lambda.ts';
import type { ResourceType } from './resource-type.ts';
import { bucket } from './s3.ts';
import { secret } from './secrets-manager.ts';
import * as sqs from './sqs.ts';

/** Every CloudFormation resource type that runs on one machine. */
const runningTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGatewayV2::Api': apiGateway.httpApi,
  'AWS::ApiGatewayV2::Integration': apiGateway.httpApiIntegration,
  'AWS::ApiGatewayV2::Route': apiGateway.httpApiRoute,
  'AWS::ApiGatewayV2::Stage': apiGateway.httpApiStage,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Archive': events.archive,
  'AWS::Events::EventBus': events.eventBus,
  'AWS::Events::Rule': events.rule,
  'AWS::Lambda::EventSourceMapping': lambda.eventSourceMapping,
  'AWS::Lambda::Function': lambda.lambdaFunction,
  'AWS::S3::Bucket': bucket,
  'AWS::SQS::Queue': sqs.queue,
  'AWS::SQS::QueuePolicy': sqs.queuePolicy,
  'AWS::SecretsManager::Secret': secret,
};

/** How a type is created; undefined for one that the local run does not know. */
export function resourceTypeOf(type: string): ResourceType | undefined {
  if (Object.hasOwn(runningTypes, type)) return runningTypes[type];
  return Object.hasOwn(ignoredTypes, type) ? ignored : undefined;
}

/** Why a type is left out; undefined for one that runs. */
export function reasonToIgnore(type: string): string | undefined {
  return Object.hasOwn(ignoredTypes, type) ? ignoredTypes[type] : undefined;
}
