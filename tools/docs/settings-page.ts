import { toJsonSchema } from '@valibot/to-json-schema';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import { codeBlock, markdownTable } from './markdown.ts';

/** docs/settings.md: every setting of the stack, and how to set it. */
export function settingsPage(): string {
  return `${[
    '<!-- Made by `npm run docs` from lib/settings.ts. Do not edit. -->',
    '# Settings',
    'This page lists the settings of the stack. [Consumers](consumers.md#kinds-of-consumers-and-their-settings) lists the settings of a single consumer.',
    markdownTable(
      ['setting', 'default', 'allowed', 'what it is'],
      Object.entries(settings).map(([name, schema]) => {
        const { fallback, allowed, summary } = documentationOf(schema);
        // Summaries link from the root of the project.
        return [`\`${name}\``, `\`${fallback}\``, allowed, summary.replaceAll('](docs/', '](')];
      }),
    ),
    '## Where to set them',
    'Write the settings of a stage to `stages/<stage>.json`, which is read at each deployment of the stage. With the first property `"$schema": "./settings.schema.json"`, editors check the file while you type:',
    codeBlock(
      'json',
      '{ "$schema": "./settings.schema.json", "alarmEmail": "ops@example.com", "archiveDays": 90 }',
    ),
    '`-c stage=prod` selects the stage. You can set any other setting with `-c` too, but for one deployment only: the next deployment without it uses the file or the default again. Settings for all stages belong in `cdk.json`, under `context`.',
    codeBlock(
      'sh',
      'npx cdk synth --quiet -c stage=prod -c archiveDays=0     # writes the template to cdk.out',
    ),
    '`cdk synth` fails for an unknown setting or an invalid value, and prints the setting and the allowed values.',
    'In your own CDK app, pass them as the property `settings` of `WhatsAppEventFanout` ([add a consumer](how-to/add-a-consumer.md#from-your-own-cdk-app)).',
  ].join('\n\n')}\n`;
}

/** The JSON Schema of a stage's file (`stages/<stage>.json`), by which editors complete and check it. */
export function settingsSchema(): object {
  // The stage is the file's name.
  const { stage: _, ...entries } = settings;
  const properties = Object.entries(entries).map(([name, schema]) => [name, propertyOf(schema)]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of a stage',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  };
}

function propertyOf(schema: Parameters<typeof documentationOf>[0]): object {
  const { summary, allowed } = documentationOf(schema);
  const converted: Record<string, unknown> = {
    ...toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }),
  };
  // What the schema has as metadata is in the description.
  for (const keyword of [
    '$schema',
    'summary',
    'allowed',
    'fallback',
    'isPrivate',
    'mayBeReference',
  ]) {
    delete converted[keyword];
  }
  return { ...converted, description: `${summary}. Takes ${allowed}.` };
}
