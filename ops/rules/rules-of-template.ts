import { readFileSync } from 'node:fs';
import { queueTags } from '../../events/names.ts';
import { own } from '../../events/own.ts';
import type { HeardRule } from './rule.ts';

/**
 * The rules of a synthesized template, read from its file, without anything running or deployed.
 *
 * @throws when the file is no template
 */
export function rulesOfTemplate(file: string): readonly HeardRule[] {
  const resources = own(JSON.parse(readFileSync(file, 'utf8')), 'Resources');
  if (typeof resources !== 'object' || resources === null) {
    throw new Error(
      `${file} is no CloudFormation template. One looks like cdk.out/WhatsAppEventFanout-dev.template.json.`,
    );
  }
  return Object.entries(resources).flatMap(([id, resource]: [string, unknown]): HeardRule[] => {
    const pattern = own(resource, 'Properties', 'EventPattern');
    if (own(resource, 'Type') !== 'AWS::Events::Rule' || pattern === undefined) return [];
    const targets = own(resource, 'Properties', 'Targets');
    const arns = (Array.isArray(targets) ? targets : []).map((target) => own(target, 'Arn'));
    const queues = arns.map((arn) => own(resources, String(own(arn, 'Fn::GetAtt', '0') ?? '')));
    return [
      {
        name: id,
        pattern: JSON.stringify(pattern),
        listeners: arns.map((arn, index) => nameListener(arn, queues[index])),
        isEnabled: own(resource, 'Properties', 'State') !== 'DISABLED',
        isCatchAll: queues.some((queue) => tagOf(queue, queueTags.role) === 'unrouted'),
      },
    ];
  });
}

function nameListener(arn: unknown, resource: unknown): string {
  const known = tagOf(resource, queueTags.consumer) ?? own(resource, 'Properties', 'QueueName');
  if (typeof known === 'string') return known;
  const logicalId = own(arn, 'Fn::GetAtt', '0');
  return typeof logicalId === 'string' ? logicalId : JSON.stringify(arn);
}

function tagOf(resource: unknown, name: string): unknown {
  const tags = own(resource, 'Properties', 'Tags');
  return own(
    Array.isArray(tags) ? tags.find((tag) => own(tag, 'Key') === name) : undefined,
    'Value',
  );
}
