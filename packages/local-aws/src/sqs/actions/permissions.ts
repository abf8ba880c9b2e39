import { isObject, type JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { requiredString, stringList } from '../request.ts';
import { invalidParameterValue, missingParameter, overLimit } from '../sqs-error.ts';

/** "A maximum of seven actions per statement" (API reference, AddPermission). */
const maxActions = 7;
/** Developer guide, "Amazon SQS policy quotas". */
const maxStatements = 20;
const labelPattern = /^[\w-]{1,80}$/;
/** The actions that an owner can share; the rest are the owner's alone (developer guide, AddPermission). */
const shareable: ReadonlySet<string> = new Set([
  '*',
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
]);

/** Adds a statement to the queue's policy. Policies are kept and returned; nothing here enforces them. */
export function addPermission(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const label = readLabel(input);
  const accounts = readAll(input, 'AWSAccountIds');
  const actions = readAll(input, 'Actions');
  if (actions.length > maxActions) {
    throw overLimit(`${actions.length} Actions were found, maximum allowed is ${maxActions}.`);
  }
  if (!accounts.every((account) => /^\d{12}$/.test(account))) {
    throw invalidParameterValue(
      'Value for parameter PrincipalId is invalid. Reason: Unable to verify.',
    );
  }
  if (!actions.every((action) => shareable.has(action))) {
    throw invalidParameterValue(
      'Value for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.',
    );
  }
  return change(broker, url, (queue, statements) => {
    if (statements.some((each) => each.Sid === label)) {
      throw refuseLabel(label, 'Already exists.');
    }
    if (statements.length >= maxStatements) {
      throw overLimit(`A policy can have at most ${maxStatements} statements.`);
    }
    const added = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMore(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrMore(actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    };
    return [...statements, added];
  });
}

export function removePermission(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const label = readLabel(input);
  return change(broker, url, (_queue, statements) => {
    const rest = statements.filter((each) => each.Sid !== label);
    if (rest.length === statements.length) {
      throw refuseLabel(label, "can't find label.");
    }
    return rest;
  });
}

type Statements = readonly JsonObject[];

function change(
  broker: Broker,
  url: string,
  edit: (queue: Queue, statements: Statements) => Statements,
): JsonObject {
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const policy = readPolicy(queue);
    const statements = edit(queue, statementsOf(policy));
    const attributes = new Map(queue.attributes);
    if (statements.length === 0) {
      attributes.delete('Policy');
    } else {
      attributes.set('Policy', JSON.stringify({ ...policy, Statement: statements }));
    }
    broker.queues.setAttributes(queue, attributes, broker.now());
  });
  return {};
}

function readPolicy(queue: Queue): JsonObject {
  const text = queue.attributes.get('Policy');
  const policy: unknown = text === undefined ? undefined : JSON.parse(text);
  if (isObject(policy)) {
    return policy;
  }
  return { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy` };
}

/** A policy may hold one statement without a list around it (IAM user guide, "Statement"). */
function statementsOf({ Statement }: JsonObject): Statements {
  return [Statement].flat().filter(isObject);
}

function readLabel(input: JsonObject): string {
  const label = requiredString(input, 'Label');
  if (labelPattern.test(label)) {
    return label;
  }
  throw invalidParameterValue(
    'Value for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
  );
}

function readAll(input: JsonObject, name: string): readonly string[] {
  const values = stringList(input, name);
  if (values.length === 0) {
    throw missingParameter(name);
  }
  return values;
}

const refuseLabel = (label: string, reason: string) =>
  invalidParameterValue(`Value ${label} for parameter Label is invalid. Reason: ${reason}`);

const oneOrMore = (values: readonly string[]) => (values.length === 1 ? values[0] : values);
