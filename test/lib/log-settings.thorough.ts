import { expect, test } from '@jest/globals';
import { synthesizeTemplate } from './synthesize-app.ts';

test('every log group masks personal data, unless the setting is off', () => {
  for (const [setting, isThere] of [
    ['on', true],
    ['off', false],
  ] as const) {
    const template = synthesizeTemplate({ logDataProtection: setting });
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups.length).toBeGreaterThan(5);
    for (const { Properties } of groups) {
      expect(Properties.DataProtectionPolicy !== undefined).toBe(isThere);
    }
  }
});

test('level and sampling reach every function', () => {
  const template = synthesizeTemplate({ logLevel: 'WARN', debugSamplePercent: '5' });
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(functions.length).toBeGreaterThan(5);
  for (const { Properties } of functions) {
    expect(Properties.LoggingConfig.ApplicationLogLevel).toBe('WARN');
    expect(Properties.Environment.Variables).toMatchObject({
      STAGE: 'dev',
      DEBUG_SAMPLE_PERCENT: '5',
    });
  }
});
