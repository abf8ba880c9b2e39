/**
 * What state of messages takes, and the prices of DynamoDB for it: read by the cost model, and by synth,
 * which prints the sum. docs/costs.md has the sources.
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
  /** Bytes of a message in the table, with its part of the chat's hour, as DynamoDB bills them. */
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
 * Dollars for the state of a million messages: writes, reads, and storage when as much expires as comes.
 *
 * @param stateDays the setting; with 0, for ever, the storage of one year
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
