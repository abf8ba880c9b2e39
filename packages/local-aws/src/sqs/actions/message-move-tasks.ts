import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { handleOf, type MoveTask, readHandle } from '../move-tasks/move-task.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { integerWithin, optionalString, requiredString } from '../request.ts';
import { invalidParameterValue, resourceNotFound } from '../sqs-error.ts';

/** API reference, StartMessageMoveTask: at most 500 messages a second. */
const fastest = 500;

export function startMessageMoveTask(broker: Broker, input: JsonObject): JsonObject {
  const sourceArn = requiredString(input, 'SourceArn');
  const destinationArn = optionalString(input, 'DestinationArn');
  const rate = integerWithin(input, 'MaxNumberOfMessagesPerSecond', 1, fastest);
  return broker.store.transaction(() => {
    const source = queueOf(broker, sourceArn, 'SourceArn');
    if (broker.queues.sourcesOf(source.arn, '', 1).length === 0) {
      throw invalidParameterValue('Source queue must be configured as a Dead Letter Queue.');
    }
    const destination =
      destinationArn === undefined ? undefined : queueOf(broker, destinationArn, 'DestinationArn');
    if (destination?.id === source.id || (destination && destination.fifo !== source.fifo)) {
      throw invalidParameterValue(
        'Value for parameter DestinationArn is invalid. Reason: It must be another queue of the same type as the source.',
      );
    }
    if (broker.moveTasks.table.recent(source.arn, 1)[0]?.status === 'RUNNING') {
      throw invalidParameterValue(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    return { TaskHandle: handleOf(broker.moveTasks.start(source, destination, rate)) };
  });
}

/** Messages that were already moved are not moved back. */
export function cancelMessageMoveTask(broker: Broker, input: JsonObject): JsonObject {
  const { taskId, sourceArn } = readHandle(requiredString(input, 'TaskHandle'));
  return broker.store.transaction(() => {
    const source = queueOf(broker, sourceArn, 'SourceArn');
    const task = broker.moveTasks.table.find(taskId);
    if (task?.sourceArn !== source.arn) {
      throw resourceNotFound('Task does not exist.');
    }
    if (task.status !== 'RUNNING') {
      throw invalidParameterValue('Only a task in status RUNNING can be cancelled.');
    }
    broker.moveTasks.cancel(task);
    return { ApproximateNumberOfMessagesMoved: task.moved };
  });
}

export function listMessageMoveTasks(broker: Broker, input: JsonObject): JsonObject {
  const source = queueOf(broker, requiredString(input, 'SourceArn'), 'SourceArn');
  const limit = integerWithin(input, 'MaxResults', 1, 10) ?? 1;
  return { Results: broker.moveTasks.table.recent(source.arn, limit).map(describe) };
}

function describe(task: MoveTask): JsonObject {
  const { destinationArn, rate, failureReason } = task;
  return {
    // Only a running task has a handle (API reference, ListMessageMoveTasksResultEntry).
    ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task) }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(destinationArn && { DestinationArn: destinationArn }),
    ...(rate && { MaxNumberOfMessagesPerSecond: rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(failureReason && { FailureReason: failureReason }),
    StartedTimestamp: task.startedAt,
  };
}

function queueOf(broker: Broker, arn: string, parameter: string): Queue {
  const queue = broker.queues.findByArn(arn);
  if (queue) {
    return queue;
  }
  throw resourceNotFound(
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  );
}
