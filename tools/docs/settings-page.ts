import { toJsonSchema } from '@valibot/to-json-schema';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import { codeBlock, markdownTable } from './markdown.ts';

/** docs/settings.md: every setting of the stack, and how to set it. */
export function settingsPage(): string {
  return `${[
    '<!-- Made by `npm run docs` from lib/settings.ts. Do not edit. -->',
    '# Settings',
    'Settings of the whole stack. Those of one consumer stand in its row: [consumers](consumers.md#kinds-of-consumers-and-their-settings).',
    markdownTable(
      ['setting', 'default', 'allowed', 'what it is'],
      Object.entries(settings).map(([name, schema]) => {
        const { fallback, allowed, summary } = documentationOf(schema);
        // Summaries link from the root of the project.
        return [`\`${name}\``, `\`${fallback}\``, allowed, summary.replaceAll('](docs/', '](')];
      }),
    ),
    '## Where to set them',
    'Keep the settings of a stage in `stages/<stage>.json`, which is read whenever that stage is deployed. A file that begins with `"$schema": "./settings.schema.json"` is checked by editors while you type:',
    codeBlock(
      'json',
      '{ "$schema": "./settings.schema.json", "alarmEmail": "ops@example.com", "archiveDays": 90 }',
    ),
    'The stage itself is chosen by `-c stage=prod`. Any other setting may be given in the same way, for this one deployment only: the next deployment without it goes back to the file or the default. `cdk.json` is for what all stages share.',
    codeBlock(
      'sh',
      'npx cdk synth --quiet -c stage=prod -c archiveDays=0     # look at cdk.out before you deploy',
    ),
    'An unknown setting or an invalid value is an error that names it and what is allowed, at `cdk synth` already.',
    'In your own CDK app they are the property `settings` of `WhatsAppEventFanout` ([add a consumer](how-to/add-a-consumer.md#from-your-own-cdk-app)).',
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
  for (const keyword of ['$schema', 'summary', 'allowed', 'fallback', 'isPrivate']) {
    delete converted[keyword];
  }
  return { ...converted, description: `${summary}. Takes ${allowed}.` };
}
