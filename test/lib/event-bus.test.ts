import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { ConsumerRow, FunctionConsumer } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';
import { WhatsAppEventBus } from '../../lib/event-bus.ts';
import { WhatsAppEventFanout } from '../../lib/fanout-stack.ts';
import { readSettings } from '../../lib/read-settings.ts';

const unbundled = { 'aws:cdk:bundling-stacks': [] };
// CloudFormation's rules take longer than all else; test/lib/cloudformation-validation.thorough.ts asks them.
const newStack = () =>
  new Stack(new App({ context: unbundled, builtinCloudFormationValidation: false }), 'Mine');

/** The template of a bus alone, with these settings. */
function synthesizeBus(settings: Record<string, string>): Template {
  const stack = newStack();
  const { stage, archiveDays, shareBusWith } = readSettings((name) => settings[name]);
  const archive = Duration.days(archiveDays);
  new WhatsAppEventBus(stack, 'EventBus', { stage, archive, sharedWith: shareBusWith });
  return Template.fromStack(stack);
}

describe('the bus', () => {
  const template = synthesizeBus({ stage: 'prod' });

  test('is named in outputs that other stacks read', () => {
    const bus = Object.keys(template.findResources('AWS::Events::EventBus'))[0];
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/whatsapp/prod/bus-name',
      Value: 'whatsapp-prod',
    });
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/whatsapp/prod/bus-arn',
      Value: { 'Fn::GetAtt': [bus, 'Arn'] },
    });
  });

  test('is not shared by default', () => {
    template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });

  test('allows each of its rules to send undeliverable events to the undeliverable queue', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: Match.stringLikeRegexp('Undeliverable') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Condition: {
              ArnLike: {
                'aws:SourceArn': {
                  'Fn::Join': ['', Match.arrayWith([':rule/whatsapp-prod/*'])],
                },
              },
            },
          }),
        ]),
      },
    });
  });
});

describe('a bus that is created with its own props', () => {
  test.each([
    [{ stage: 'Prod' }, 'The setting "stage" is "Prod", but must be 1 to 20 lower-case letters'],
    [{ stage: 'prod', sharedWith: '12345' }, 'The setting "shareBusWith" is "12345", but must be'],
    [
      { stage: 'prod', archive: Duration.days(3_651) },
      'The setting "archiveDays" is 3651, but must be a whole number from 0 to 3650.',
    ],
  ])('refuses %j as the setting of the same meaning', (props, printed) => {
    expect(() => new WhatsAppEventBus(newStack(), 'EventBus', props)).toThrow(printed);
    expect(() => new WhatsAppEventBus(newStack(), 'EventBus', props)).toThrow(
      'Settings come from the props of the bus.',
    );
  });
});

describe('a bus without days for its archive', () => {
  test.each([undefined, Duration.days(0)])('has no archive (%p)', (archive) => {
    const stack = newStack();
    new WhatsAppEventBus(stack, 'EventBus', { stage: 'prod', archive });
    Template.fromStack(stack).resourceCountIs('AWS::Events::Archive', 0);
  });
});

describe('a shared bus', () => {
  const shared = synthesizeBus({ shareBusWith: '123456789012,o-exampleorg1' });
  const all = Object.values(shared.findResources('AWS::Events::EventBusPolicy')).map(
    ({ Properties }) => Properties.Statement,
  );
  const statements = all.filter(({ Effect }) => Effect === 'Allow');

  test('allows the named account, and those of the organization, to manage their own rules only', () => {
    expect(statements).toHaveLength(2);
    for (const statement of statements) {
      expect(statement).toMatchObject({
        Effect: 'Allow',
        Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
      });
      expect(JSON.stringify(statement.Resource)).toContain(':rule/whatsapp-dev/*');
      expect(statement.Action).not.toContain('events:PutEvents');
    }
    const byAccount = statements.find(({ Sid }) => Sid === 'cdk-Rules123456789012');
    expect(JSON.stringify(byAccount.Principal)).toContain(':iam::123456789012:root');
  });

  test('allows CloudFormation in another account to create a rule, with targets and tags', () => {
    // What the handlers of AWS::Events::Rule call, by its resource schema.
    for (const action of [
      'events:ListTargetsByRule',
      'events:ListTagsForResource',
      'events:TagResource',
      'events:UntagResource',
    ]) {
      for (const statement of statements) {
        expect(statement.Action).toContain(action);
      }
    }
  });

  test('does not allow other accounts to create a rule that the queues of consumers admit', () => {
    const [denial, ...others] = all.filter(({ Effect }) => Effect === 'Deny');
    expect(others).toEqual([]);
    expect(denial.Action).toEqual(['events:PutRule', 'events:PutTargets']);
    expect(denial.Condition).toEqual({
      StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
    });
    const names = (
      JSON.stringify(denial.Resource).match(/rule\/whatsapp-dev\/([^"]+)\*/g) ?? []
    ).map((each) => each.slice('rule/whatsapp-dev/'.length, -1));
    const stack = newStack();
    new WhatsAppEventFanout(stack, 'WhatsApp', {});
    const policies = JSON.stringify(
      Object.entries(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy')).filter(
        ([id]) => !id.includes('Undeliverable'),
      ),
    );
    const admitted = [...policies.matchAll(/rule\/whatsapp-dev\/([^"]+)/g)].map(([, name]) => name);
    expect(admitted.length).toBeGreaterThan(11);
    for (const rule of admitted) {
      expect([rule, names.some((name) => rule?.startsWith(name))]).toEqual([rule, true]);
    }
  });

  test('does not allow accounts that are neither named nor in the organization', () => {
    const everyone = statements.filter(
      ({ Principal }) => Principal === '*' || Principal?.AWS === '*',
    );
    expect(everyone).toHaveLength(1);
    expect(everyone[0].Condition.StringEquals).toEqual({ 'aws:PrincipalOrgID': 'o-exampleorg1' });
  });

  test.each(['everyone', '12345', '*', '123456789012,', 'o-x'])('with %j is refused', (wrong) => {
    expect(() => synthesizeBus({ shareBusWith: wrong })).toThrow('The setting "shareBusWith" is');
  });
});

describe('the pipeline in another stack', () => {
  test('has every default, and accepts consumers in addition to those of the table', () => {
    const stack = newStack();
    const fanout = new WhatsAppEventFanout(stack, 'WhatsApp', { consumers: {} });
    const mine = fanout.addConsumer('mine', {
      kind: 'queue',
      summary: 'Mine',
      categories: ['polls'],
    });
    expect(mine.queue).toBeInstanceOf(Queue);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Events::EventBus', { Name: 'whatsapp-dev' });
    template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'whatsapp-dev-mine' });
    template.hasResourceProperties('AWS::Events::Rule', {
      Description: 'Events that no consumer subscribes to',
      EventPattern: {
        $or: [
          { source: [{ 'anything-but': ['whatsapp'] }] },
          {
            source: ['whatsapp'],
            'detail-type': [{ 'anything-but': ['poll.vote', 'poll.vote.failed'] }],
          },
        ],
      },
    });
  });

  test('accepts consumers with state after its construction as those of the table', () => {
    const stack = newStack();
    const settings = { state: 'sessions,orders' };
    const fanout = new WhatsAppEventFanout(stack, 'WhatsApp', { settings, consumers: {} });
    expect(() => Template.fromStack(stack)).toThrow(
      'The setting "state" names sessions, orders, which no consumer with state is called. Those are: none.',
    );
    const { sessions, groups } = consumers;
    fanout.addConsumer('sessions', sessions as ConsumerRow);
    const entry = 'lambdas/consumers/groups.ts';
    fanout.addConsumer('orders', { ...(groups as FunctionConsumer), entry });
    const template = Template.fromStack(stack);
    for (const name of ['sessions', 'orders', 'watch']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `whatsapp-dev-${name}`,
        Environment: { Variables: { STATE_TABLE: { Ref: Match.stringLikeRegexp('State') } } },
      });
    }
    for (const kind of ['sessions-offline', 'session-restricted']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `whatsapp-dev-${kind}`,
      });
    }
  });

  test.each([0, 30, 3_650])(
    'keeps a large body for as long as an event in the archive (%i days) or in a queue can refer to it',
    (archiveDays) => {
      const stack = newStack();
      new WhatsAppEventFanout(stack, 'WhatsApp', { settings: { archiveDays }, consumers: {} });
      const template = Template.fromStack(stack);
      const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
      const { Rules: rules } = bucket?.Properties.LifecycleConfiguration ?? {};
      const spillDays = 14;
      const retryDays = 1;
      const queueDays = 13;
      const failureDays = 14;
      expect(rules?.[0].ExpirationInDays).toBe(
        spillDays + archiveDays + retryDays + queueDays + failureDays,
      );
    },
  );

  test('lets a consumer read large bodies, whose bucket another app finds by an SSM parameter', () => {
    const stack = newStack();
    const fanout = new WhatsAppEventFanout(stack, 'WhatsApp', { consumers: {} });
    const { groups } = consumers;
    const entry = 'lambdas/consumers/groups.ts';
    const reader = fanout.addConsumer('reader', { ...(groups as FunctionConsumer), entry });
    fanout.claimChecks.grantRead(reader.function as IFunction);
    const template = Template.fromStack(stack);
    const [bucket] = Object.keys(template.findResources('AWS::S3::Bucket'));
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('readerHandlerRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['s3:GetObject*']),
            Resource: Match.arrayWith([{ 'Fn::GetAtt': [bucket, 'Arn'] }]),
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/whatsapp/dev/claim-check-bucket',
      Value: { Ref: bucket },
    });
  });

  test('counts no sessions without the state of sessions', () => {
    const stack = newStack();
    new WhatsAppEventFanout(stack, 'WhatsApp', { consumers: {} });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-watch',
      Environment: { Variables: { STATE_TABLE: Match.absent() } },
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties.AlarmName).join()).not.toMatch(/session/);
  });

  test('has outputs for the URL, the secrets and the name of the bus', () => {
    const stack = newStack();
    const { outputs } = new WhatsAppEventFanout(stack, 'WhatsApp', { consumers: {} });
    expect(outputs.map(({ node }) => node.id)).toEqual([
      'WebhookUrl',
      'SigningSecretArn',
      'UrlSecretArn',
      'BusName',
      'BusArn',
    ]);
    expect(Object.keys(Template.fromStack(stack).findOutputs('*'))).toHaveLength(outputs.length);
  });

  test('refuses more networks than fit into a function’s environment at synthesis', () => {
    const allowedSources = Array.from(
      { length: 100 },
      (_, index) => `2001:db8:1111:2222:3333:4444:5555:${(0x6000 + index).toString(16)}/128`,
    ).join(',');
    const stack = newStack();
    new WhatsAppEventFanout(stack, 'WhatsApp', { settings: { allowedSources }, consumers: {} });
    expect(() => Template.fromStack(stack)).toThrow(
      /variables of whatsapp-dev-ingest have \d{4} bytes, but Lambda takes 4096. The longest is ALLOWED_SOURCES/,
    );
  });

  test('refuses a wrong setting by name, and a consumer’s name that exists already', () => {
    expect(
      () => new WhatsAppEventFanout(newStack(), 'WhatsApp', { settings: { archiveDays: -1 } }),
    ).toThrow('The setting "archiveDays" is -1');
    const fanout = new WhatsAppEventFanout(newStack(), 'WhatsApp', { consumers: {} });
    const row = { kind: 'queue', summary: 'Mine', categories: ['calls'] } as const;
    fanout.addConsumer('mine', row);
    expect(() => fanout.addConsumer('mine', row)).toThrow("already a Construct with name 'mine'");
  });
});

describe('a misspelt setting', () => {
  const settings = { archivDays: 3, alarms: 'loud' } as object;

  test.each([
    [
      'the pipeline',
      'the prop `settings`',
      (stack: Stack) => new WhatsAppEventFanout(stack, 'WhatsApp', { settings }),
    ],
    [
      'a lookup',
      'the props of the lookup',
      (stack: Stack) => WhatsAppEventBus.lookup(stack, 'Bus', { settings }),
    ],
  ])('of %s is refused with the name that was meant', (_, where, create) => {
    expect(() => create(newStack())).toThrow(
      [
        `There is no setting "archivDays" (${where}): did you mean "archiveDays"?`,
        'The setting "alarms" is "loud", but must be one of on, off.',
      ].join('\n'),
    );
  });
});

describe('the bus of another stack', () => {
  test('accepts a consumer, using names only', () => {
    const stack = newStack();
    const bus = WhatsAppEventBus.lookup(stack, 'Bus', { stage: 'prod' });
    bus.addConsumer('mine', { kind: 'queue', summary: 'Mine', categories: ['calls'] });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::EventBus', 0);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'whatsapp-prod',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('mineQueue'), 'Arn'] },
          DeadLetterConfig: {
            Arn: { 'Fn::Join': ['', Match.arrayWith([':whatsapp-prod-undeliverable'])] },
          },
        },
      ],
    });
    template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'whatsapp-prod-mine' });
  });

  test('accepts a rule to an existing queue', () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Orders');
    WhatsAppEventBus.lookup(stack, 'Bus', {}).addQueueRule(stack, 'Rule', {
      description: 'Orders',
      pattern: { source: ['whatsapp'], 'detail-type': ['message'] },
      queue,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'whatsapp-dev',
      EventPattern: { source: ['whatsapp'], 'detail-type': ['message'] },
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: Match.stringLikeRegexp('^Orders') }],
    });
  });

  test('with an invalid stage is refused', () => {
    expect(() => WhatsAppEventBus.lookup(newStack(), 'Bus', { stage: 'My Stage' })).toThrow(
      'The setting "stage" is "My Stage"',
    );
  });
});
