import { styleText } from 'node:util';
import type { Command } from 'commander';
import { describeUnknownName } from '../../events/nearest-name.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { busTypes, exampleSubject } from '../../ops/rules/read-event.ts';
import {
  type Condition,
  rulesOfPipeline,
  rulesOfTemplate,
  type SubscribedRule,
  type Subscription,
  subscriptionOf,
} from '../../ops/rules/rule.ts';
import { formatTable } from '../terminal/table.ts';
import { withPipeline } from '../terminal/with-pipeline.ts';

interface Listening extends Subscription {
  readonly rule: SubscribedRule;
}

/** `fanout rules --for`: the consumers and rules that receive a type. */
export async function rules(
  options: RuleSourceOptions & { readonly for: string; readonly json?: boolean },
  command: Command,
): Promise<void> {
  const type = options.for;
  if (!busTypes.includes(type)) {
    command.error(`error: ${describeUnknownName('event type', printable(type), busTypes)}`);
  }
  const example = JSON.parse(exampleSubject(type)) as object;
  const listening = (await findRulesToRead(options)).flatMap((rule): Listening[] => {
    const subscription = subscriptionOf(rule.pattern, example);
    return subscription ? [{ rule, ...subscription }] : [];
  });
  const subscribed = listening.filter(({ rule }) => rule.isEnabled && !rule.isCatchAll);
  if (options.json) {
    for (const each of listening) {
      console.log(printableJson(toRecord(each)));
    }
  } else {
    if (listening.length > 0) {
      console.log(format(listening));
    }
    if (subscribed.length === 0) {
      console.log(styleText('yellow', `No consumer receives ${type}.`));
    }
  }
  if (subscribed.length === 0) {
    process.exitCode = 1;
  }
}

const toRecord = ({ rule, always, conditions }: Listening) => ({
  listeners: rule.listeners,
  rule: rule.name,
  enabled: rule.isEnabled,
  catchAll: rule.isCatchAll,
  always,
  conditions,
});

const format = (listening: readonly Listening[]) =>
  formatTable(
    ['consumer', 'receives it'],
    listening.map(({ rule, always, conditions }) => [
      printable(rule.listeners.join(', ') || rule.name),
      printable(
        !rule.isEnabled
          ? 'never: the rule is disabled'
          : always
            ? 'always'
            : `if ${conditions.map(inWords).join(' or ')}`,
        160,
      ),
    ]),
  );

const inWords = (conditions: readonly Condition[]) =>
  conditions.map(conditionInWords).join(' and ');

const conditionInWords = ({ path, expected }: Condition) =>
  expected === '[{"exists":false}]' ? `${path} is absent` : `${path} is ${expected}`;

/** Where a command takes rules from. */
export interface RuleSourceOptions extends ConnectionOptions {
  /** File of a synthesized template. @default - the rules on the bus */
  readonly template?: string;
}

/** The rules that a command reads: those on the bus, or those of a template. */
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
