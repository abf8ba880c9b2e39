import { describe, expect, test } from '@jest/globals';
import { synthesizeTemplate } from './synthesize-app.ts';

describe('the setting "noise"', () => {
  test('is what ingest goes by', () => {
    const noise = 'presence:coalesce/30,engine:drop';
    synthesizeTemplate({ noise }).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-ingest',
      Environment: { Variables: { NOISE: noise } },
    });
  });

  test('with a misspelt name is refused when the app is synthesized', () => {
    expect(() => synthesizeTemplate({ noise: 'presense:drop' })).toThrow(
      '"presense:drop" names presense, which no event type and no category is called',
    );
  });
});
