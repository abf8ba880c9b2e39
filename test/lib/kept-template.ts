import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keep } from '../kept.ts';

/** A template as JSON. */
export interface KeptTemplate {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
}

/**
 * The template of the app with these settings, without bundles; shared by all tests.
 *
 * @throws when a setting is wrong
 */
export async function keptTemplate(
  context: Readonly<Record<string, unknown>> = {},
): Promise<KeptTemplate> {
  const directory = await keep('template', context, async (fresh) => {
    // Only when it is needed: loading CDK takes longer than most tests.
    const { templateOf } = await import('../../lib/template-of.ts');
    writeFileSync(join(fresh, 'template.json'), JSON.stringify(templateOf(context)));
  });
  return JSON.parse(readFileSync(join(directory, 'template.json'), 'utf8'));
}
