import { expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { personalShapes } from '../../lib/log-group.ts';
import { synthesizeTemplate } from './synthesize-app.ts';

/** Every address in the examples of the catalog, found by its sign and not by our shapes. */
const addresses = [
  ...new Set(
    eventTypes
      .flatMap((type) => [exampleWebhook(type, 'waha'), exampleWebhook(type, 'wawp')])
      .flatMap((webhook) => JSON.stringify(webhook).match(/[\d:-]{6,}@[a-z.]+/g) ?? []),
  ),
];
const shapes = Object.values(personalShapes).map((shape) => new RegExp(shape));

test('every address in the examples would be masked', () => {
  expect(addresses.length).toBeGreaterThan(5);
  expect(addresses.filter((address) => !shapes.some((shape) => shape.test(address)))).toEqual([]);
});

test('each shape is made of what CloudWatch takes: ten shapes of 200 characters, and no groups', () => {
  const entries = Object.entries(personalShapes);
  expect(entries.length).toBeLessThanOrEqual(10);
  for (const [name, shape] of entries) {
    expect(name).toMatch(/^[\w-]{1,128}$/);
    expect(shape).toMatch(/^[\w#=@/;, \-^$?[\]{}|\\*+.]{1,200}$/);
    expect(shape).not.toMatch(/[()]/);
  }
});

test('every log group masks them, unless the setting is off', () => {
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
