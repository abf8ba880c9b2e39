import { describe, expect, test } from '@jest/globals';
import { keptTemplate } from './kept-template.ts';

/** The environments of the stack's functions, by name. */
async function environments(context?: Record<string, unknown>) {
  const { Resources } = (await keptTemplate(context)) as {
    readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  return new Map(
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Properties }) => [
        String(Properties.FunctionName),
        (Properties.Environment as { Variables?: Record<string, string> } | undefined)?.Variables,
      ]),
  );
}

describe('the setting handlerErrors', () => {
  test('full lets consumers log their exceptions with lines of the sources, and nothing else', async () => {
    const functions = await environments({ handlerErrors: 'full' });
    expect(functions.get('whatsapp-dev-labels')).toMatchObject({
      HANDLER_ERRORS: 'full',
      NODE_OPTIONS: '--enable-source-maps',
    });
    expect(functions.get('whatsapp-dev-ingest')).not.toHaveProperty('HANDLER_ERRORS');
  });

  test('is name unless somebody sets it', async () => {
    for (const variables of (await environments()).values()) {
      expect(variables).not.toHaveProperty('HANDLER_ERRORS');
      expect(variables).not.toHaveProperty('NODE_OPTIONS');
    }
  });
});
