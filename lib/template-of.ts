import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { FanoutStack } from './fanout-stack.ts';
import { readSettings } from './settings.ts';

/**
 * The template of this project's own app with these settings, for looking at: nothing is bundled,
 * nothing is written to the project, and neither CloudFormation's rules nor cdk-nag are asked.
 *
 * @param context settings on top of those in `cdk.json`
 * @throws when a setting is wrong
 */
export function templateOf(context: Readonly<Record<string, unknown>> = {}): object {
  const { context: flags } = JSON.parse(
    readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'),
  ) as { context: Record<string, unknown> };
  const app = new App({
    context: { ...flags, ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });
  const settings = readSettings((name) => app.node.tryGetContext(name));
  const stack = new FanoutStack(app, `WhatsAppEventFanout-${settings.stage}`, { settings });
  return app.synth().getStackByName(stack.stackName).template as object;
}
