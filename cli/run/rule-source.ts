import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { rulesOfPipeline, rulesOfTemplate, type SubscribedRule } from '../../ops/rules/rule.ts';
import { withPipeline } from '../terminal/with-pipeline.ts';

/** Where a command takes rules from. */
export interface RuleSourceOptions extends ConnectionOptions {
  /** File of a synthesized template. @default - the rules on the bus */
  readonly template?: string;
}

/** The rules that a command is about: those on the bus, or those of a template. */
export async function findRulesToRead(
  options: RuleSourceOptions,
): Promise<readonly SubscribedRule[]> {
  if (options.template !== undefined) {
    return rulesOfTemplate(options.template);
  }
  let rules: readonly SubscribedRule[] = [];
  await withPipeline(options, async ({ pipeline }) => {
    rules = rulesOfPipeline(pipeline);
  });
  return rules;
}
