import { pattern } from '../../events/pattern.ts';
import { settings } from '../../lib/settings.ts';

/** Name of the bus of a stack that was deployed without settings, and of the local run. */
export const busName = `whatsapp-${settings.stage.default}`;

type Pattern = ReturnType<typeof pattern>;
type AnyType = NonNullable<Parameters<typeof pattern>[0]['type']>;

/** The event pattern that lets through one kind. */
export function kindPattern(type: string): Pattern {
  return pattern({ type: type as AnyType });
}

/** The command that makes a rule of a pattern. */
export function putRuleCommand(name: string, eventPattern: Pattern): string {
  return [
    `aws events put-rule --event-bus-name ${busName} --name ${name} \\`,
    `  --event-pattern '${JSON.stringify(eventPattern)}'`,
  ].join('\n');
}
