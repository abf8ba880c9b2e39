import {
  ApiDestination,
  Authorization,
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

/** Any target of the user's own. */
export function connectTarget(context: ConsumerContext<'target'>): ConnectedRule {
  const { scope, row, bus } = context;
  const target = typeof row.target === 'function' ? row.target(bus.undeliverable) : row.target;
  const rule = bus.addRule(scope, 'Rule', {
    ...ruleOf(context),
    target: withDelivery(target, deliveryOf(row, bus)),
  });
  return { rule };
}

/** Another bus, which the rule's role may put events on. */
export function connectBus(context: ConsumerContext<'bus'>): ConnectedRule {
  const { scope, row, bus } = context;
  const other = EventBus.fromEventBusArn(scope, 'Bus', row.busArn);
  const target = withDelivery(new EventBusTarget(other), { deadLetterQueue: bus.undeliverable });
  return { rule: bus.addRule(scope, 'Rule', { ...ruleOf(context), target }) };
}

/** What an endpoint's consumer has that a user may want to hold. */
export interface ConnectedEndpoint extends ConnectedRule {
  /** What each request carries in its header. */
  readonly secret: ISecret;
}

/**
 * An API destination. EventBridge keeps a copy of the secret in its connection, made when the stack is
 * deployed: a secret that was changed since is sent from the next deployment on.
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
    description: `What the consumer ${name} sends along, for its endpoint to compare`,
    encryptionKey: customerKeyOf(scope),
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  (secret.node.defaultChild as CfnSecret).addMetadata(localMetadata.secretValue, {
    variables: [`${name.toUpperCase().replaceAll('-', '_')}_SECRET`],
    otherwise: `local-${name}-secret`,
  });
  acknowledge(secret, {
    'AwsSolutions-SMG4':
      'The endpoint compares with the same secret, so a rotation has to be driven from its side too.',
  });
  return secret;
}
