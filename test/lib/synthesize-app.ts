import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { FanoutStack } from '../../lib/fanout-stack.ts';
import { readSettings } from '../../lib/settings.ts';

/**
 * The app as `bin/app.ts` makes it, without bundling: for looking at its template.
 *
 * @param validates whether CloudFormation's rules are asked at synth, which takes longer than all else
 */
export function createApp(
  context: Record<string, unknown> = {},
  consumers?: Readonly<Record<string, ConsumerRow>>,
  validates = false,
): { app: App; stack: FanoutStack } {
  const { context: flags } = JSON.parse(
    readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
  ) as { context: Record<string, unknown> };
  const app = new App({
    context: { ...flags, ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: validates,
  });
  const settings = readSettings((name) => app.node.tryGetContext(name));
  return {
    app,
    stack: new FanoutStack(app, `WhatsAppEventFanout-${settings.stage}`, { settings, consumers }),
  };
}

/** The template of the app with these settings. */
export function synthesizeTemplate(context: Record<string, unknown> = {}): Template {
  return Template.fromStack(createApp(context).stack);
}
