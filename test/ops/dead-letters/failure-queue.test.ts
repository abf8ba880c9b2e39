import { describe, expect, test } from '@jest/globals';
import { chooseQueue, findFailureQueues } from '../../../ops/dead-letters/failure-queue.ts';
import { arnOf, feeding, pipelineOf, queue, rule } from '../pipeline-on-paper.ts';

describe('failure queues', () => {
  test('are found by their tags', () => {
    const ends = findFailureQueues(
      pipelineOf([
        queue('one', { tags: { 'fanout:role': 'spill' } }),
        queue('two', { tags: { 'fanout:role': 'dead-letters', 'fanout:consumer': 'calls' } }),
        queue('three', { tags: { 'fanout:role': 'something else' } }),
        queue('four'),
      ]),
    );
    expect(ends.map(({ name, role, consumer }) => [name, role, consumer])).toEqual([
      ['two', 'dead-letters', 'calls'],
      ['one', 'spill', undefined],
    ]);
  });

  test('of a user, without tags, are found by redrive policies and targets', () => {
    const ends = findFailureQueues(
      pipelineOf(
        [feeding('mine', 'mine-dead'), queue('mine-dead'), queue('lost'), queue('x-unrouted')],
        [rule('r', { Arn: arnOf('mine'), DeadLetterConfig: { Arn: arnOf('lost') } })],
      ),
    );
    expect(ends.map(({ name, role, consumer }) => [name, role, consumer])).toEqual([
      ['mine-dead', 'dead-letters', 'mine'],
      ['lost', 'undeliverable', undefined],
      ['x-unrouted', 'unrouted', undefined],
    ]);
  });

  test('are chosen by name, consumer or role, and never by guessing', () => {
    const ends = findFailureQueues(
      pipelineOf([
        feeding('a', 'a-dead', { 'fanout:consumer': 'calls' }),
        feeding('b', 'b-dead'),
        queue('a-dead'),
        queue('b-dead'),
        queue('w-spill'),
      ]),
    );
    expect(chooseQueue(ends, 'a-dead').name).toBe('a-dead');
    expect(chooseQueue(ends, arnOf('b-dead')).name).toBe('b-dead');
    expect(chooseQueue(ends, 'calls').name).toBe('a-dead');
    expect(chooseQueue(ends, 'spill').name).toBe('w-spill');
    expect(() => chooseQueue(ends, 'dead-letters')).toThrow(/more than one queue: a-dead, b-dead/);
    expect(() => chooseQueue(ends, 'nothing')).toThrow(/There are: calls, b, spill/);
  });
});
