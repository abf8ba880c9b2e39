/**
 * The messages of a batch that a function reports as failed, by the rules of
 * `ReportBatchItemFailures`
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting):
 * nothing reported is success, and a report that cannot be trusted fails the whole batch.
 */
export function readBatchResponse(
  payload: string,
  messageIds: ReadonlySet<string>,
): ReadonlySet<string> {
  const items = listFailures(payload);
  if (!items) return messageIds;
  const failed = new Set<string>();
  for (const item of items) {
    const id = isObject(item) && Object.hasOwn(item, 'itemIdentifier') && item.itemIdentifier;
    if (typeof id !== 'string' || !messageIds.has(id)) return messageIds;
    failed.add(id);
  }
  return failed;
}

/** Undefined for a response that has not the documented shape. */
function listFailures(payload: string): readonly unknown[] | undefined {
  let response: unknown;
  try {
    response = payload === '' ? null : JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (response === null || response === '') return [];
  if (!isObject(response)) return undefined;
  const failures = Object.hasOwn(response, 'batchItemFailures') ? response.batchItemFailures : null;
  if (failures === null) return [];
  return Array.isArray(failures) ? failures : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
