import type { Server } from 'node:http';
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  InvalidEventPatternException,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  StartReplayCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsError, JsonObject } from '../../src/aws-service.ts';
import { type Bench, busArn, newBench, queueArn, region } from './fixture.ts';
import { listen, readBody } from './http-server.ts';

let bench: Bench;
let server: Server;
let client: EventBridgeClient;

/** The JSON protocol, version 1.1, as far as the SDK needs it. */
beforeAll(async () => {
  bench = newBench();
  const listening = await listen(async (request, response) => {
    const action = String(request.headers['x-amz-target']).replace(/^AWSEvents\./, '');
    const input = JSON.parse(await readBody(request)) as JsonObject;
    try {
      response.end(JSON.stringify(await bench.call(action, input)));
    } catch (error) {
      const { code, message, statusCode } = error as AwsError;
      response.writeHead(statusCode).end(JSON.stringify({ __type: code, message }));
    }
  });
  server = listening.server;
  client = new EventBridgeClient({
    region,
    endpoint: listening.url,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
});

afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

describe('the AWS SDK', () => {
  test('creates a bus, a rule and a target, and delivers an event', async () => {
    await client.send(new CreateEventBusCommand({ Name: 'sdk' }));
    const EventPattern = JSON.stringify({ source: ['sdk'] });
    const rule = { Name: 'r', EventBusName: 'sdk', EventPattern };
    await client.send(new PutRuleCommand(rule));
    const Targets = [{ Id: 't', Arn: queueArn('q'), DeadLetterConfig: { Arn: queueArn('dead') } }];
    const put = await client.send(
      new PutTargetsCommand({ Rule: 'r', EventBusName: 'sdk', Targets }),
    );
    expect(put).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
    const Entries = [
      {
        EventBusName: busArn('sdk'),
        Source: 'sdk',
        DetailType: 'x',
        Detail: '{"text":"🚀"}',
        Time: new Date('2025-06-01T12:00:00Z'),
      },
      { EventBusName: 'sdk', Source: 'sdk', DetailType: 'x', Detail: 'no' },
    ];
    const answer = await client.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[1]?.ErrorCode).toBe('MalformedDetail');
    expect(JSON.parse(bench.targets.bodies('q')[0] ?? '')).toMatchObject({
      id: answer.Entries?.[0]?.EventId,
      time: '2025-06-01T12:00:00Z',
      detail: { text: '🚀' },
    });
    const { Rules } = await client.send(new ListRulesCommand({ EventBusName: 'sdk' }));
    expect(Rules).toMatchObject([{ Name: 'r', EventPattern, State: 'ENABLED' }]);
    const listed = await client.send(
      new ListTargetsByRuleCommand({ Rule: 'r', EventBusName: 'sdk' }),
    );
    expect(listed.Targets).toEqual(Targets);
  });

  test('gets times as dates', async () => {
    const { CreationTime } = await client.send(new DescribeEventBusCommand({}));
    expect(CreationTime).toEqual(new Date('2026-01-01T00:00:00Z'));
  });

  test('runs a replay', async () => {
    const EventSourceArn = busArn('sdk');
    const { ArchiveArn } = await client.send(
      new CreateArchiveCommand({ ArchiveName: 'a', EventSourceArn, RetentionDays: 1 }),
    );
    await client.send(
      new StartReplayCommand({
        ReplayName: 'again',
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date('2025-01-01'),
        EventEndTime: new Date('2027-01-01'),
        Destination: { Arn: EventSourceArn },
      }),
    );
    await bench.clock.advance(0);
    const replay = await client.send(new DescribeReplayCommand({ ReplayName: 'again' }));
    expect(replay).toMatchObject({ State: 'COMPLETED', EventEndTime: new Date('2027-01-01') });
  });

  test('tests patterns', async () => {
    const Event = JSON.stringify({
      id: '1',
      account: '2',
      source: 's',
      time: 't',
      region: 'r',
      resources: [],
      'detail-type': 'd',
    });
    const EventPattern = '{"source":[{"prefix":"s"}]}';
    const { Result } = await client.send(new TestEventPatternCommand({ EventPattern, Event }));
    expect(Result).toBe(true);
  });

  test('pages through lists', async () => {
    for (const Name of ['p1', 'p2', 'p3']) {
      await client.send(new PutRuleCommand({ Name, EventPattern: '{"a":["b"]}' }));
      const Targets = [{ Id: 't', Arn: queueArn('paged') }];
      await client.send(new PutTargetsCommand({ Rule: Name, Targets }));
    }
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const TargetArn = queueArn('paged');
      const page = await client.send(
        new ListRuleNamesByTargetCommand({ TargetArn, NextToken, Limit: 2 }),
      );
      names.push(...(page.RuleNames ?? []));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(names).toEqual(['p1', 'p2', 'p3']);
  });

  test('throws errors of its own classes', async () => {
    const bad = client.send(new PutRuleCommand({ Name: 'bad', EventPattern: '{"a":[]}' }));
    await expect(bad).rejects.toBeInstanceOf(InvalidEventPatternException);
    const twice = client.send(new CreateEventBusCommand({ Name: 'default' }));
    await expect(twice).rejects.toBeInstanceOf(ResourceAlreadyExistsException);
    const nowhere = client.send(new DeleteRuleCommand({ Name: 'r', EventBusName: 'nowhere' }));
    await expect(nowhere).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});
