import type { Template } from 'aws-cdk-lib/assertions';

/** One statement of a policy. */
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** What the roles below one construct may do, by the beginning of their policies' logical ids. */
export function statementsBelow(template: Template, construct: string): readonly Statement[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(construct))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

/** The logical id of the only resource of a type below one construct. */
export function idBelow(template: Template, construct: string, type: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(construct));
  if (ids.length !== 1) {
    throw new Error(`${construct} has ${ids.length} resources of ${type}`);
  }
  return ids[0] as string;
}
