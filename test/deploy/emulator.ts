/** What an emulator cannot do of a deployment. Everything else is asserted. */
export interface Gaps {
  readonly name: string;
  /** Types that its CloudFormation takes and makes nothing of. */
  readonly ignoredTypes: readonly string[];
  /** Properties with which it cannot create a resource, by type. They are removed from the template. */
  readonly refusedProperties: Readonly<Record<string, readonly string[]>>;
  /** Options of `cdk deploy` without which it fails. */
  readonly deployOptions: readonly string[];
  /** And those that a changed stack needs besides. */
  readonly updateOptions: readonly string[];
  /**
   * Types whose attributes make a stack with an output of them unreadable, so that it can be created by a change
   * set, which shows no outputs, and not be changed.
   */
  readonly unreadableTypes: readonly string[];
  /** Whether an update reaches the properties of queues, besides adding and removing resources. */
  readonly updatesQueues: boolean;
  /** Types that it creates and does not delete. */
  readonly undeletedTypes: readonly string[];
  /** Whether it deletes what has the policy RetainExceptOnCreate. */
  readonly deletesRetained: boolean;
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
  // It reads the tags of a key as KMS has them, and not as CloudFormation has them.
  refusedProperties: { 'AWS::KMS::Key': ['Tags'] },
  // It creates the resources of a change set in no order, and refuses a second one.
  deployOptions: ['--method', 'direct'],
  // It has no previous value of a parameter that has its default.
  updateOptions: ['--no-previous-parameters'],
  unreadableTypes: ['AWS::Lambda::Url'],
  updatesQueues: false,
  undeletedTypes: ['AWS::ApiGateway::RestApi'],
  deletesRetained: true,
};

/** What is expected of LocalStack and others that a URL was given of. */
const none: Gaps = {
  name: 'The emulator',
  ignoredTypes: [],
  refusedProperties: {},
  deployOptions: [],
  updateOptions: [],
  unreadableTypes: [],
  updatesQueues: true,
  undeletedTypes: [],
  deletesRetained: false,
};

/** The gaps of the emulator that answers. */
export const gaps = process.env.DEPLOY_TEST_EMULATOR === 'moto' ? moto : none;

/** What an emulator does not check, in sentences. */
export function describeGaps(emulator: string): readonly string[] {
  const { name, ignoredTypes, ...rest } = emulator === 'moto' ? moto : none;
  const list = ignoredTypes.length === 0 ? 'no resource type' : ignoredTypes.join(', ');
  return [
    `${name} ignores ${list}. test/lib/account-rules checks these in the templates.`,
    ...Object.entries(rest.refusedProperties).map(
      ([type, properties]) => `${name} is given no ${properties.join(', ')} of ${type}.`,
    ),
    ...(rest.updatesQueues ? [] : [`${name} changes no property of a queue that is there.`]),
    ...rest.undeletedTypes.map((type) => `${name} does not delete ${type}.`),
    ...(rest.deletesRetained ? [`${name} deletes what has the policy RetainExceptOnCreate.`] : []),
    ...rest.unreadableTypes.map(
      (type) =>
        `${name} cannot show a stack with an output of ${type}: its settings are not changed.`,
    ),
  ];
}
