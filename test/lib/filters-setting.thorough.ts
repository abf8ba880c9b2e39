import { describe, expect, test } from '@jest/globals';
import { synthesizeTemplate } from './synthesize-app.ts';

describe('the setting "filters"', () => {
  test('is passed to ingest', () => {
    const filters = 'presence:debounce/30,engine:drop';
    synthesizeTemplate({ filters }).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-ingest',
      Environment: { Variables: { FILTERS: filters } },
    });
  });

  test('with a misspelt name is refused when the app is synthesized', () => {
    expect(() => synthesizeTemplate({ filters: 'presense:drop' })).toThrow(
      '"presense:drop" names presense, which no event type and no category is called',
    );
  });
});
