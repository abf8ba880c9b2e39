import { isObject } from '../../aws-service.ts';

import { invalidParameterValue } from '../sqs-error.ts';

/** A task that moves messages out of a dead-letter queue. Times are epoch milliseconds. */
export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** None: each message goes back to the queue it came from. */
  readonly destinationArn: string | undefined;
  /** Messages a second; none: as fast as possible. */
  readonly rate: number | undefined;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly moved: number;
  /** Number of messages to move when the task started. */
  readonly toMove: number;
  /**
   * The newest message when the task started. Later ones stay, so that the task does not move
   * messages that failed again.
   */
  readonly lastSeq: number;
  readonly startedAt: number;
  readonly nextStepAt: number;
  readonly failureReason: string | undefined;
}

/** The handle's format is AWS's: base64 of a JSON object of these two fields. */
export const handleOf = ({ id, sourceArn }: Pick<MoveTask, 'id' | 'sourceArn'>): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');

export function readHandle(handle: string): {
  readonly taskId: string;
  readonly sourceArn: string;
} {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (isObject(value)) {
      const { taskId, sourceArn } = value;
      if (typeof taskId === 'string' && typeof sourceArn === 'string') {
        return { taskId, sourceArn };
      }
    }
  } catch {
    // Not JSON: refused below.
  }
  throw invalidParameterValue('Value for parameter TaskHandle is invalid.');
}

/** Number of messages that a task without a rate moves in one transaction. */
const unlimitedStep = 100;

/**
 * The number of messages of one step and the interval between steps: about ten steps a second, each
 * of a divisor of the rate, so that an integer number of steps fills the second exactly.
 */
export function stepOf(rate: number | undefined): {
  readonly size: number;
  readonly pauseMs: number;
} {
  if (rate === undefined) {
    return { size: unlimitedStep, pauseMs: 0 };
  }
  let size = Math.ceil(rate / 10);
  while (rate % size !== 0) {
    size -= 1;
  }
  return { size, pauseMs: (size * 1000) / rate };
}
