import { Template } from 'aws-cdk-lib/assertions';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { templateOf } from '../../lib/template-of.ts';

/** Which stack it is. */
export interface StackChoice {
  /** Settings, as under `context` in cdk.json. @default - the default of each */
  readonly context?: Readonly<Record<string, unknown>>;
  /** @default - the table in lib/consumers.ts */
  readonly consumers?: Readonly<Record<string, ConsumerRow>>;
}

/**
 * The environment variables that the stack gives to a function. What CloudFormation would fill in
 * stands as a placeholder, since the stub does not look at names.
 */
export function environmentOf(
  functionName: string,
  { context = {}, consumers }: StackChoice = {},
): Record<string, string> {
  const template = Template.fromJSON(templateOf(context, consumers) as Record<string, unknown>);
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { FunctionName: functionName },
  });
  const [found] = Object.values(functions);
  if (!found) throw new Error(`The stack has no function ${functionName}`);
  const variables: Record<string, unknown> = found.Properties.Environment?.Variables ?? {};
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : placeholderOf(name),
    ]),
  );
}

function placeholderOf(name: string): string {
  if (name.endsWith('_URL')) return `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
  if (name.endsWith('_ARN')) return `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`;
  return `bench-${name.toLowerCase().replaceAll('_', '-')}`;
}
