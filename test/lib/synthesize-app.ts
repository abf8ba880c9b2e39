import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import type { FanoutStack } from '../../lib/fanout-stack.ts';
import { appOf, templateOf } from '../../lib/template-of.ts';

/** The app with these settings, to be asked and added to. */
export const createApp = (
  context: Record<string, unknown> = {},
  consumers?: Readonly<Record<string, ConsumerRow>>,
  validates = false,
): { app: App; stack: FanoutStack } => appOf({ context, consumers, validates });

/** The template of the app with these settings. */
export const synthesizeTemplate = (context: Record<string, unknown> = {}): Template =>
  Template.fromJSON(templateOf(context) as Record<string, unknown>);
