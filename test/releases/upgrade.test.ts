import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { keptTemplate } from '../lib/kept-template.ts';
import { findBreaks, type ReleasedTemplate } from './find-breaks.ts';

const releases = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.template.json'))
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const last = releases.at(-1) ?? 'none';
const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
const released = JSON.parse(
  readFileSync(new URL(last, import.meta.url), 'utf8'),
) as ReleasedTemplate;

describe('an upgrade from the last release', () => {
  test('loses no resource, replaces none that holds data, and drops no output, unless the changelog names it', async () => {
    const next = (await keptTemplate()) as unknown as ReleasedTemplate;
    const untold = findBreaks(released, next).filter((each) => !changelog.includes(each));
    expect(untold).toEqual([]);
  });

  test('is described in the changelog, from the first release on', () => {
    for (const name of releases) {
      expect(changelog).toContain(`## ${name.replace('.template.json', '')}`);
    }
  });

  const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'one' } };
  test.each([
    ['a construct id that changes', { Other: queue }, ['Queue (AWS::SQS::Queue) is gone']],
    [
      'a queue that gets another name',
      { Queue: { ...queue, Properties: { QueueName: 'two' } } },
      ['Queue (AWS::SQS::Queue) is replaced: its QueueName has changed'],
    ],
    [
      'a resource that becomes another',
      { Queue: { Type: 'AWS::SNS::Topic' } },
      ['Queue was AWS::SQS::Queue and is AWS::SNS::Topic'],
    ],
    ['a resource that is added', { Queue: queue, Other: queue }, []],
  ])('%s is seen for what it is', (_, Resources, breaks) => {
    expect(findBreaks({ Resources: { Queue: queue } }, { Resources })).toEqual(breaks);
  });

  test('an output that is gone is seen', () => {
    const before = { Resources: {}, Outputs: { WebhookUrl: {} } };
    expect(findBreaks(before, { Resources: {} })).toEqual(['the output WebhookUrl is gone']);
  });
});
