import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dlqCommand } from '../../cli/dlq.ts';
import { runCommand } from '../cli/run-command.ts';
import { startProject } from './start-project.ts';

/** Lines that functions have logged. */
const logged: string[] = [];
let run: LocalRun;

beforeAll(async () => {
  run = await startProject({
    context: { handlerErrors: 'full' },
    observer: { logged: ({ text }) => logged.push(text) },
  });
}, 120_000);
afterAll(async () => {
  await run?.close();
});

const deadLetters = 'whatsapp-dev-labels-dead-letters';

describe("an exception of a consumer in a stage with handlerErrors 'full'", () => {
  test('names the line of the source, in the log and in the dead-letter message', async () => {
    const { sqs } = run.services;
    const url = (name: string) => `${run.awsEndpoint}/${run.accountId}/${name}`;
    await sqs.call('SendMessage', {
      QueueUrl: url('whatsapp-dev-labels'),
      MessageBody: '{"not":"an event"}',
    });
    const arn = `arn:aws:sqs:${run.region}:${run.accountId}:${deadLetters}`;
    while (sqs.peek(arn, 1).length === 0) {
      await new Promise((done) => setTimeout(done, 20));
    }
    const line = logged.find((text) => text.includes('"failed"')) ?? '';
    const { message } = JSON.parse(line) as { message: Record<string, string> };
    expect(message).toMatchObject({
      error: 'NotAWhatsAppEventError',
      errorMessage: expect.stringMatching(/^Not an event of the WhatsApp bus/),
      errorAt: expect.stringMatching(/\/events\/parse\.ts:\d+:\d+$/),
    });
    expect(message.stack).toMatch(/at processRecord \(.*lambdas\/runtime\/consume\.ts:\d+:\d+\)/);

    const { lines } = await runCommand(
      dlqCommand(),
      ...['show', 'labels', '--reveal', '--endpoint', run.awsEndpoint],
    );
    expect(lines.join('\n')).toMatch(
      /permanent NotAWhatsAppEventError: Not an event of the WhatsApp bus[\s\S]*\n +at events\/parse\.ts:\d+:\d+/,
    );
  });
});
