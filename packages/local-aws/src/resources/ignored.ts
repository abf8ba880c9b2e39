import { TemplateError } from '../template/template.ts';
import type { ResourceType } from './resource-type.ts';

/**
 * Types that do not affect the flow of events on one machine, each with the reason, which is logged
 * once at the start.
 */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'settings of an account',
  'AWS::ApiGateway::BasePathMapping':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::ApiGateway::DomainName':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::ApiGatewayV2::ApiMapping':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::ApiGatewayV2::Deployment': 'the stage has what is deployed',
  'AWS::ApiGatewayV2::DomainName':
    'names and certificates are for the network; the API listens on loopback',
  'AWS::CDK::Metadata': 'usage statistics',
  'AWS::Chatbot::SlackChannelConfiguration': 'nobody is notified locally',
  'AWS::CloudWatch::Alarm': 'no metrics are kept locally',
  'AWS::CloudWatch::CompositeAlarm': 'no metrics are kept locally',
  'AWS::CloudWatch::Dashboard': 'no metrics are kept locally',
  'AWS::CloudWatch::InsightRule': 'no metrics are kept locally',
  'AWS::Events::EventBusPolicy': 'nobody is refused locally',
  'AWS::IAM::ManagedPolicy': 'nobody is refused locally',
  'AWS::IAM::Policy': 'nobody is refused locally',
  'AWS::IAM::Role': 'nobody is refused locally',
  'AWS::KMS::Alias': 'nothing is encrypted locally',
  'AWS::KMS::Key': 'nothing is encrypted locally',
  'AWS::Lambda::Permission': 'nobody is refused locally',
  'AWS::Logs::LogGroup': 'logs go to the terminal and to files',
  'AWS::Logs::LogStream': 'logs go to the terminal and to files',
  'AWS::Logs::MetricFilter': 'no metrics are kept locally',
  'AWS::Logs::QueryDefinition': 'logs go to the terminal and to files',
  'AWS::Logs::ResourcePolicy': 'nobody is refused locally',
  'AWS::ResourceGroups::Group': 'nothing is grouped locally',
  'AWS::S3::BucketPolicy': 'nobody is refused locally',
  'AWS::SNS::Topic': 'nobody is notified locally',
  'AWS::SNS::TopicPolicy': 'nobody is refused locally',
  'AWS::SecretsManager::ResourcePolicy': 'nobody is refused locally',
  'AWS::WAFv2::WebACL': 'nobody is refused locally',
  'AWS::WAFv2::WebACLAssociation': 'nobody is refused locally',
  'Custom::LogRetention': 'logs go to the terminal and to files',
  'Custom::S3AutoDeleteObjects': 'a bucket that is gone is deleted when it is empty',
};

/**
 * A placeholder for a resource that is not created; references to it resolve to a name that says
 * so.
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

/** Protocols by which a topic notifies people; local runs notify nobody. */
const toPeople = /^(email|email-json|sms|application)$/;

/**
 * AWS::SNS::Subscription: subscriptions that notify people are ignored; those that forward events
 * are refused.
 */
export const subscription: ResourceType = {
  create({ Protocol }, { logicalId }) {
    if (toPeople.test(String(Protocol))) {
      return { ref: logicalId };
    }
    throw new TemplateError(
      `${logicalId} (AWS::SNS::Subscription)`,
      `sends to ${String(Protocol)}; the local run has no SNS. Let an EventBridge rule send there instead.`,
    );
  },
};
