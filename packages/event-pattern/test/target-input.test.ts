import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildTargetInput,
  fillTemplate,
  InvalidTargetInput,
  type TargetInput,
} from '../src/target-input.ts';

const event =
  '{"version":"0","id":"7bf73129","detail-type":"EC2 Instance State-change Notification","source":"aws.ec2",' +
  '"account":"123456789012","time":"2015-11-11T21:29:54Z","region":"us-east-1",' +
  '"resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],' +
  '"detail":{"instance-id":"i-0123456789","state":"RUNNING","count":1.50,"tags":[{"k":"a"},{"k":"b"}],' +
  '"on":true,"none":null,"quote":"say \\"hi\\"","a b":{"c":1}}}';

const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/main/example';

const inputOf = (target: TargetInput) =>
  buildTargetInput(target, {
    text: event,
    ruleArn,
    ruleName: 'example',
    acceptedAt: Date.parse('2026-01-02T03:04:05.678Z'),
  });

const transform = (InputTemplate: string, InputPathsMap: Record<string, string> = paths) =>
  inputOf({ InputTransformer: { InputTemplate, InputPathsMap } });

const paths = {
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  count: '$.detail.count',
  on: '$.detail.on',
  none: '$.detail.none',
  quote: '$.detail.quote',
  tags: '$.detail.tags',
  tag: '$.detail.tags[1].k',
  all: '$.detail.tags[*].k',
  missing: '$.detail.nothing.there',
  full: '$',
};

describe('the target gets', () => {
  test('the event unchanged, when it has no input settings', () => {
    expect(inputOf({})).toBe(event);
  });

  test('a constant', () => {
    expect(inputOf({ Input: '{"fixed": [1, 2]}' })).toBe('{"fixed": [1, 2]}');
  });

  test.each([
    ['$.detail.state', '"RUNNING"'],
    ['$.detail.count', '1.50'],
    ['$.detail.tags', '[{"k":"a"},{"k":"b"}]'],
    ["$.detail['a b'].c", '1'],
    ['$.resources[0]', '"arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"'],
    ['$.nothing', 'null'],
    ['$', event],
  ])('the part of the event at %s', (InputPath, expected) => {
    expect(inputOf({ InputPath })).toBe(expected);
  });
});

describe('an input template, as the User Guide shows it', () => {
  test.each([
    [
      'a simple string',
      '"instance <instance> is in <state>"',
      '"instance i-0123456789 is in RUNNING"',
    ],
    [
      'a string with escaped quotes',
      '"instance \\"<instance>\\" is in <state>"',
      '"instance \\"i-0123456789\\" is in RUNNING"',
    ],
    [
      'simple JSON',
      '{\n  "instance" : <instance>,\n  "state": <state>\n}',
      '{"instance":"i-0123456789","state":"RUNNING"}',
    ],
    [
      'JSON with strings and variables',
      '{"instance": <instance>, "state": "<state>", "instanceStatus": "instance \\"<instance>\\" is in <state>"}',
      '{"instance":"i-0123456789","state":"RUNNING","instanceStatus":"instance \\"i-0123456789\\" is in RUNNING"}',
    ],
    [
      'JSON with a mix of variables and static information',
      '{"instance": <instance>, "state": [ 9, <state>, true ], "Transformed" : "Yes"}',
      '{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}',
    ],
    ['reserved variables in a string', '"<aws.events.rule-name> triggered"', '"example triggered"'],
    [
      'reserved variables in JSON',
      '{"arn": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>}',
      `{"arn":"${ruleArn}","at":"2026-01-02T03:04:05Z"}`,
    ],
  ])('%s', (_, template, expected) => expect(transform(template)).toBe(expected));

  test('inserts the full event, with and without its detail', () => {
    expect(transform('{"e": <aws.events.event.json>}')).toBe(`{"e":${event}}`);
    expect(JSON.parse(transform('{"e": <aws.events.event>}')).e).toEqual({
      ...JSON.parse(event),
      detail: undefined,
    });
  });

  test('keeps numbers, objects, lists, booleans and null as the event has them', () => {
    expect(transform('{"n":<count>,"l":<tags>,"t":<tag>,"a":<all>,"b":<on>,"z":<none>}')).toBe(
      '{"n":1.50,"l":[{"k":"a"},{"k":"b"}],"t":"b","a":["a","b"],"b":true,"z":null}',
    );
    expect(transform('"<count> <on> <none> <tags>"')).toBe('"1.50 true null [{k:a},{k:b}]"');
  });

  test('replaces a variable without a value by nothing', () => {
    expect(transform('"[<missing>]"')).toBe('"[]"');
    expect(transform('{"a":"<missing>"}')).toBe('{"a":""}');
  });

  test('is refused when the filled template is not valid JSON', () => {
    for (const template of ['{"a":<missing>}', '{"a":"<quote>"}']) {
      expect(() => transform(template)).toThrow(InvalidTargetInput);
    }
    expect(transform('{"a":<quote>}')).toBe('{"a":"say \\"hi\\""}');
  });

  test('may be several lines of text', () => {
    expect(transform('"first <state>"\n"second <instance>"')).toBe(
      '"first RUNNING"\n"second i-0123456789"',
    );
  });

  test('minifies outside strings only', () => {
    expect(transform('{ "a  b" : "c \\" d",\n "e" : [ 1 , 2 ] }')).toBe(
      '{"a  b":"c \\" d","e":[1,2]}',
    );
  });

  test('is either filled to valid JSON or refused, whatever the values are', () => {
    const value = fc.oneof(fc.jsonValue(), fc.string());
    fc.assert(
      fc.property(value, value, (a, b) => {
        const values = new Map<string, unknown>([
          ['a', a],
          ['b', b],
        ]);
        expect(JSON.parse(fillTemplate('{"a":<a>,"list":[<b>,<a>]}', values))).toEqual({
          a: JSON.parse(JSON.stringify(a)),
          list: JSON.parse(JSON.stringify([b, a])),
        });
        try {
          JSON.parse(fillTemplate('{"a":"<a>","b":{"<c>":"<b>"}}', values));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTargetInput);
        }
      }),
      { numRuns: 500 },
    );
  });
});
