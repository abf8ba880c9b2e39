import {
  ApiDestination,
  Authorization,
  type CfnConnection,
  Connection,
  EventBus,
  HttpMethod,
} from 'aws-cdk-lib/aws-events';
import {
  ApiDestination as ApiDestinationTarget,
  EventBus as EventBusTarget,
} from 'aws-cdk-lib/aws-events-targets';
import { type CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { localMetadata } from '../../events/names.ts';
import { customerKeyOf } from '../encryption.ts';
import { withDelivery } from '../fanout-bus.ts';
import { acknowledge } from '../nag.ts';
import {
  type ConnectedRule,
  type ConsumerContext,
  deliveryOf,
  ruleOf,
} from './consumer-context.ts';

/** Creates a rule for any target that the user supplies. */
export function connectTarget(context: ConsumerContext<'target'>): ConnectedRule {
  const { scope, row, bus } = context;
  const target = typeof row.target === 'function' ? row.target(bus.undeliverable) : row.target;
  const rule = bus.addRule(scope, 'Rule', {
    ...ruleOf(context),
    target: withDelivery(target, deliveryOf(row, bus)),
  });
  return { rule };
}

/** Creates a rule for another bus, with a role that may put events on it. */
export function connectBus(context: ConsumerContext<'bus'>): ConnectedRule {
  const { scope, row, bus } = context;
  const other = EventBus.fromEventBusArn(scope, 'Bus', row.busArn);
  const target = withDelivery(new EventBusTarget(other), { deadLetterQueue: bus.undeliverable });
  return { rule: bus.addRule(scope, 'Rule', { ...ruleOf(context), target }) };
}

/** The resources of an `https` consumer. */
export interface ConnectedEndpoint extends ConnectedRule {
  /** The secret that each request has in a header. */
  readonly secret: ISecret;
}

/**
 * Creates an API destination. EventBridge copies the secret into its connection when the stack is deployed,
 * so a changed secret is used after the next deployment.
 */
export function connectHttps(context: ConsumerContext<'https'>): ConnectedEndpoint {
  const { scope, name, prefix, row, bus } = context;
  const secret = row.secretName
    ? Secret.fromSecretNameV2(scope, 'Secret', row.secretName)
    : createSecret(context);
  const connection = new Connection(scope, 'Connection', {
    description: `Authorization of the consumer ${name}`,
    connectionName: prefix,
    authorization: Authorization.apiKey(row.secretHeader, secret.secretValue),
  });
  // CDK's Connection has no prop for it, and no default child.
  (connection.node.findChild('Connection') as CfnConnection).kmsKeyIdentifier =
    customerKeyOf(scope)?.keyArn;
  const destination = new ApiDestination(scope, 'Destination', {
    apiDestinationName: prefix,
    connection,
    endpoint: row.endpoint,
    httpMethod: HttpMethod[row.method],
    rateLimitPerSecond: row.ratePerSecond,
  });
  const rule = bus.addRule(scope, 'Rule', {
    ...ruleOf(context),
    target: withDelivery(new ApiDestinationTarget(destination), deliveryOf(row, bus)),
  });
  return { rule, secret };
}

function createSecret({ scope, name }: ConsumerContext<'https'>): Secret {
  const secret = new Secret(scope, 'Secret', {
    description: `Secret that the consumer ${name} sends to its endpoint`,
    encryptionKey: customerKeyOf(scope),
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  (secret.node.defaultChild as CfnSecret).addMetadata(localMetadata.secretValue, {
    variables: [`${name.toUpperCase().replaceAll('-', '_')}_SECRET`],
    default: `local-${name}-secret`,
  });
  acknowledge(secret, {
    'AwsSolutions-SMG4':
      'The endpoint compares with the same secret, so a rotation has to be driven from its side too.',
  });
  return secret;
}
