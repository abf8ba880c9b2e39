import * as cdk from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Checks the app with cdk-nag's packs at each synth; an open finding fails it. */
export function checkWithNag(app: IConstruct): void {
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/**
 * Accepts findings of cdk-nag on a construct and what is below it, each with its reason. Without effect
 * where aws-cdk-lib is older than 2.257: that has no validations, and cdk-nag 3 does not run with it.
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
