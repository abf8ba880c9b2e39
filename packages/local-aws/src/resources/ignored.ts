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

/** Protocols by which a topic notifies people; local runs send no notifications. */
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
