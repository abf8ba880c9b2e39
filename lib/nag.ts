import * as cdk from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/**
 * Checks the app with the rule packs of cdk-nag at each synth. A finding that is not acknowledged fails the
 * synth.
 */
export function checkWithNag(app: IConstruct): void {
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/**
 * Acknowledges findings of cdk-nag on a construct and its children, each with a reason. Has no effect with
 * aws-cdk-lib before 2.257, which has no validations and cannot run cdk-nag 3.
 *
 * @param findings reason by rule, for example `AwsSolutions-IAM5[Resource::*]`
 */
export function acknowledge(
  construct: IConstruct,
  findings: Readonly<Record<string, string>>,
): void {
  const { Validations }: { readonly Validations?: typeof cdk.Validations } = cdk;
  if (!Validations) {
    return;
  }
  for (const [id, reason] of Object.entries(findings)) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}
