import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/** The properties that name a resource in its account and region, by type. A rule's name is unique on its bus. */
const nameProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::Events::EventBus': ['name'],
  'AWS::SQS::Queue': ['queueName'],
  'AWS::Lambda::Function': ['functionName'],
  'AWS::Events::Connection': ['name'],
  'AWS::KinesisFirehose::DeliveryStream': ['deliveryStreamName'],
  'AWS::Events::Rule': ['eventBusName', 'name'],
};

const checked = new WeakSet<IConstruct>();

/**
 * Makes synthesis fail if two resources of the app have the same name `whatsapp-…` in one account and region,
 * which CloudFormation would report after the deployment has begun. Two pipelines of one stage have such names,
 * two lookups that add the same consumer, and the consumer `eu-orders` of `prod` with `orders` of `prod-eu`.
 */
export function refuseNameCollisions(scope: Construct): void {
  const { root } = scope.node;
  if (!checked.has(root)) {
    checked.add(root);
    root.node.addValidation({ validate: () => collisionsIn(root) });
  }
}

/** A sentence for each collision of the first type that has any: other types would repeat it. */
function collisionsIn(root: IConstruct): string[] {
  const resources = root.node.findAll().filter((each) => CfnResource.isCfnResource(each));
  for (const [type, properties] of Object.entries(nameProperties)) {
    const named = new Map<string, CfnResource[]>();
    for (const resource of resources.filter(({ cfnResourceType }) => cfnResourceType === type)) {
      const name = properties.map((each) => resource[each as keyof CfnResource]).join(' ');
      const place = `${name} in ${Stack.of(resource).environment}`;
      named.set(place, [...(named.get(place) ?? []), resource]);
    }
    const collisions = [...named].filter(
      ([name, same]) => name.startsWith('whatsapp-') && same.length > 1,
    );
    if (collisions.length > 0) {
      return collisions.map(([name, same]) => sentenceOf(type, name, same));
    }
  }
  return [];
}

const sentenceOf = (type: string, name: string, same: readonly CfnResource[]) =>
  `${same.length} resources (${type}) are named ${name}: ${same.map(({ node }) => node.path).join(', ')}. ` +
  'Choose another stage or another name of the consumer. If their stacks are for different accounts or regions, set env of the stacks.';
