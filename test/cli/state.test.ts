import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stateCommand } from '../../cli/state.ts';
import type { BusType, EventOf } from '../../events/envelope.ts';
import { connect } from '../../ops/aws/connect.ts';
import { stateTable } from '../lambdas/state/in-process-dynamodb.ts';
import { ann, bob, choir, reported } from '../lambdas/state/reported-event.ts';
import { keep } from '../ops/state/remember.ts';
import { runCommand } from './run-command.ts';

/** A stack with the state table alone. */
const template = {
  Resources: {
    State: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'whatsapp-dev-state',
        ...stateTable,
      },
    },
  },
};

let assembly: string;
let run: LocalRun;
beforeEach(async () => {
  assembly = mkdtempSync(join(tmpdir(), 'fanout-test-'));
  writeFileSync(join(assembly, 'Test.template.json'), JSON.stringify(template));
  writeFileSync(
    join(assembly, 'manifest.json'),
    JSON.stringify({ artifacts: { Test: { type: 'aws:cloudformation:stack', properties: {} } } }),
  );
  run = await startLocalRun({ assembly, awsPort: 0, ingressPort: 0, environment: {} });
});
afterEach(async () => {
  await run.close();
  rmSync(assembly, { recursive: true, force: true });
});

/** What `fanout state` prints after these events. */
async function shown(words: readonly string[], ...events: readonly EventOf<BusType>[]) {
  const access = connect({ endpoint: run.awsEndpoint });
  await keep(access.dynamoDb, 'whatsapp-dev-state', ...events);
  access.close();
  const { lines } = await runCommand(
    stateCommand(),
    ...words,
    ...['--endpoint', run.awsEndpoint, '--stack', 'Test'],
  );
  return lines.join('\n');
}

const from = { chat: ann, author: ann, direction: 'inbound', content: 'text' } as const;

test('a contact who chose the name `me` has a tilde before it, in the list and in the chat', async () => {
  const posing = reported('message', { ...from, messageId: { id: 'A1' }, authorName: 'me' });
  expect(await shown(['chats'], posing)).toMatch(/^\+12025550142 +~ me /m);
  expect(await shown(['chat', ann.phone])).toMatch(/ ~ me$/m);
});

test('a group has its subject as it is', async () => {
  const sung = reported('message', { ...from, chat: choir, messageId: { id: 'A1' }, body: 'La' });
  const named = reported('group.v2.update', {
    ...{ chat: choir, action: 'update', group: { subject: 'Choir' } },
  });
  expect(await shown(['chats'], sung, named)).toMatch(/@g\.us +Choir /);
});

test('a vote that was withdrawn or could not be read is not counted', async () => {
  const poll = reported('message', {
    ...{ ...from, chat: choir, messageId: { id: 'A1' }, content: 'poll', body: 'When?' },
  });
  const vote = { poll: { id: 'A1' }, chat: choir, direction: 'inbound' } as const;
  const events = [
    poll,
    reported('poll.vote', { ...vote, voter: ann, choices: [] }, { at: 1 }),
    reported('poll.vote.failed', { ...vote, voter: bob }, { at: 2 }),
  ];
  expect(await shown(['chat', choir.id], ...events)).not.toContain('voted');
  const again = reported('poll.vote', { ...vote, voter: ann, choices: ['Friday'] }, { at: 3 });
  expect(await shown(['chat', choir.id], again)).toContain('1 voted: Friday');
});

test('a group in a community has the address of the community', async () => {
  const community = { kind: 'group', id: '120363020000000077@g.us' } as const;
  const linked = reported('group.v2.update', {
    ...{ chat: choir, action: 'update', group: { subject: 'Choir', community } },
  });
  const lines = await shown(['group', choir.id], linked);
  expect(lines).toContain(`  subject: Choir\n`);
  expect(lines).toContain(`  community: ${community.id}\n`);
});
