import type { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redrive } from '../../../ops/dead-letters/redrive.ts';
import { startPipeline, type TestPipeline } from '../local-pipeline.ts';
import { fill } from './example-messages.ts';

/** What may go wrong with one call: it never arrives, or its answer gets lost. */
type Fault = 'none' | 'lost request' | 'lost answer';

let runs = 0;
let pipeline: TestPipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.close());

/** A client whose sends and deletes fail as planned. */
function faulty(client: SQSClient, faults: readonly Fault[]): SQSClient {
  let calls = 0;
  const send = async (command: Parameters<SQSClient['send']>[0]) => {
    if (!/^(SendMessage|DeleteMessage)Batch/.test(command.constructor.name)) {
      return client.send(command);
    }
    const fault = faults[calls++ % faults.length];
    if (fault === 'lost request') {
      throw Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    }
    const answer = await client.send(command);
    if (fault === 'lost answer') {
      throw Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    }
    return answer;
  };
  return { send, config: client.config } as unknown as SQSClient;
}

const fault = fc.constantFrom<Fault>('none', 'none', 'lost request', 'lost answer');

test('no message is lost, whatever calls fail and wherever it is interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 4 }),
      async (faults, rounds) => {
        runs += 1;
        const bodies = Array.from({ length: 100 }, (_, index) => `${runs}-${index}`);
        await fill(pipeline, 'whatsapp-dev-messages-dead-letters', bodies);
        const { queue, pipeline: found } = await pipeline.end('messages');
        const access = { ...pipeline.access, sqs: faulty(pipeline.access.sqs, faults) };
        const controller = new AbortController();
        let remaining = rounds;
        await redrive(access, queue, found, {
          signal: controller.signal,
          onProgress: () => remaining-- === 0 && controller.abort(),
        });
        await redrive(pipeline.access, queue, found);
        const arrived = new Set(pipeline.bodies('whatsapp-dev-messages'));
        expect(bodies.filter((body) => !arrived.has(body))).toEqual([]);
        expect(await pipeline.depth(queue.name)).toBe(0);
      },
    ),
    { numRuns: 12 },
  );
});
