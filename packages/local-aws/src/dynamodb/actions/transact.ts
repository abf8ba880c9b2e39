import { AwsError, type JsonObject } from '../../aws-service.ts';
import { ConditionalCheckFailed, invalid, TransactionCanceled } from '../dynamo-error.ts';
import { type Action, expectDistinct, keyText } from './action.ts';
import { getItem } from './read-items.ts';
import { check, put, remove, update } from './write-item.ts';

/** Maximum number of actions in one transaction (DynamoDB API reference, TransactWriteItems). */
const maxActions = 100;

const works = { Put: put, Delete: remove, Update: update, ConditionCheck: check } as const;

/** TransactGetItems */
export const transactGetItems: Action = (input, tables) => ({
  Responses: actionsOf(input).map((each) =>
    getItem({ ...(each.Get as JsonObject), ConsistentRead: true }, tables),
  ),
});

/** TransactWriteItems: all or nothing. A `ClientRequestToken` is accepted and ignored. */
export const transactWriteItems: Action = (input, tables) => {
  const actions = actionsOf(input).map((each) => {
    const [name, ...others] = Object.keys(works).filter((work) => each[work]);
    if (!name || others.length > 0) {
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return { work: works[name as keyof typeof works], request: each[name] as JsonObject };
  });
  expectDistinct(
    actions.map(({ request }) => keyText(request, tables)),
    'Transaction request cannot include multiple operations on one item',
  );
  tables.store.transaction(() => {
    const reasons = actions.map(({ work, request }) => reasonOf(() => work(request, tables)));
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw new TransactionCanceled(reasons);
    }
  });
  return {};
};

function actionsOf({ TransactItems }: JsonObject): readonly JsonObject[] {
  const actions = Array.isArray(TransactItems) ? (TransactItems as JsonObject[]) : [];
  if (actions.length >= 1 && actions.length <= maxActions) {
    return actions;
  }
  throw invalid(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${maxActions}`,
  );
}

function reasonOf(work: () => unknown): { readonly Code: string } & JsonObject {
  try {
    work();
    return { Code: 'None' };
  } catch (error) {
    if (error instanceof ConditionalCheckFailed) {
      return {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        ...error.fields,
      };
    }
    if (error instanceof AwsError && error.code === 'ValidationException') {
      return { Code: 'ValidationError', Message: error.message };
    }
    throw error;
  }
}
