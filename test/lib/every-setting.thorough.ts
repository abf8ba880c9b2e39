import { describe, expect, test } from '@jest/globals';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { type Settings, settings } from '../../lib/settings.ts';
import { everySetting } from './every-setting.ts';
import { createApp } from './synthesize-app.ts';

describe('the setting', () => {
  test.each(everySetting)('"%s" leaves no finding of cdk-nag open: %j', (name, context) => {
    const given = context[name as keyof Settings];
    expect(given).not.toBe(settings[name as keyof Settings].default);
    const { app } = createApp(context);
    for (const Checks of [AwsSolutionsChecks, ServerlessChecks]) {
      expect(new Checks(app).validateScope(app).violations).toEqual([]);
    }
  });
});
