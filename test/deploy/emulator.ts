import { endpoint } from './account.ts';

/** What an emulator cannot do of a deployment. Everything else is asserted. */
export interface Gaps {
  readonly name: string;
  /** Types that its CloudFormation takes and makes nothing of. */
  readonly ignoredTypes: readonly string[];
  /** Whether a stack that is created by a change set has no outputs, and its resources no order. */
  readonly hasPlainChangeSets: boolean;
  /** Whether it deletes what has the policy RetainExceptOnCreate. */
  readonly deletesRetained: boolean;
  /** Whether a resource that cannot be created leaves the stack as it is, instead of rolling it back. */
  readonly hasRollback: boolean;
}

/** moto 5.2 (moto/cloudformation/parsing.py and models.py). It runs no function, having no containers. */
const moto: Gaps = {
  name: 'moto',
  ignoredTypes: [
    'AWS::ApiGateway::Account',
    'AWS::ApiGateway::GatewayResponse',
    'AWS::ApiGateway::Stage',
    'AWS::ApiGatewayV2::Api',
    'AWS::ApiGatewayV2::Integration',
    'AWS::ApiGatewayV2::Route',
    'AWS::ApiGatewayV2::Stage',
    'AWS::CDK::Metadata',
    'AWS::CloudWatch::Alarm',
    'AWS::Events::EventBusPolicy',
    'AWS::Lambda::Url',
    'AWS::Logs::MetricFilter',
    'AWS::S3::BucketPolicy',
    'AWS::SecretsManager::Secret',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
    'AWS::WAFv2::WebACL',
    'AWS::WAFv2::WebACLAssociation',
  ],
  hasPlainChangeSets: true,
  deletesRetained: true,
  hasRollback: false,
};

/** What is expected of LocalStack and others that a URL was given of. */
const none: Gaps = {
  name: endpoint,
  ignoredTypes: [],
  hasPlainChangeSets: false,
  deletesRetained: false,
  hasRollback: true,
};

/** The gaps of the emulator that answers. */
export async function gapsOfEmulator(): Promise<Gaps> {
  const { ok } = await fetch(new URL('/moto-api/data.json', endpoint));
  return ok ? moto : none;
}
