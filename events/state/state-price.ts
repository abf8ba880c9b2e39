/**
 * The use of DynamoDB for the state of messages. The cost model and the stack use it; synthesis prints the
 * sum. The sources are in docs/costs.md.
 */
export const stateUse = {
  /** Write units of a message of up to 1 KB in its item. */
  messageWrites: 1,
  /** Write units for each hour in which a chat has messages. */
  chatWrites: 1,
  /** Read units for each hour in which a chat has messages: of the chat, and of its two addresses. */
  chatReads: 1.5,
  /** Messages of a chat in an hour in which it has any. */
  messagesAnHour: 3,
  /** Billed bytes of a message in the table, with its share of the chat's hour. */
  bytes: 650,
} as const;

/** Dollars in us-east-1. */
export const tablePrices = {
  millionWrites: 0.625,
  millionReads: 0.125,
  gigabyteMonth: 0.25,
  backupGigabyteMonth: 0.2,
} as const;

const gigabyte = 1024 ** 3;
const daysAMonth = 30.4;

/**
 * Dollars for the state of a million messages: writes, reads, and storage in a steady state.
 *
 * @param stateDays the setting; 0 (forever) counts the storage of one year
 */
export function dollarsOfMessageState(stateDays: number): number {
  const { messageWrites, chatWrites, chatReads, messagesAnHour, bytes } = stateUse;
  const { millionWrites, millionReads, gigabyteMonth, backupGigabyteMonth } = tablePrices;
  const months = (stateDays || 365) / daysAMonth;
  return (
    (messageWrites + chatWrites / messagesAnHour) * millionWrites +
    (chatReads / messagesAnHour) * millionReads +
    ((bytes * 1e6) / gigabyte) * months * (gigabyteMonth + backupGigabyteMonth)
  );
}
