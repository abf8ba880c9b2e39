/** The parts of an event's JSON besides its detail. */
export interface EventHead {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly account: string;
  /** Epoch milliseconds; events carry integer seconds. */
  readonly time: number;
  readonly region: string;
  readonly resources: readonly string[];
}

const beforeId = '{"version":"0","id":"';
const uuidLength = 36;

/**
 * An event's JSON as AWS builds it. The detail is copied as text, so that no number loses digits.
 */
export function writeEvent(head: EventHead, detail: string): string {
  const { id, detailType, source, account, time, region, resources } = head;
  const text = (value: unknown) => JSON.stringify(value);
  return (
    `${beforeId}${id}","detail-type":${text(detailType)},"source":${text(source)},` +
    `"account":${text(account)},"time":"${isoSeconds(time)}","region":${text(region)},` +
    `"resources":${text(resources)},"detail":${escapeForQueues(detail)}}`
  );
}

/** The same event with another id, as a bus assigns it to an event from another bus. */
export function withId(eventText: string, id: string): string {
  return beforeId + id + eventText.slice(beforeId.length + uuidLength);
}

/** The same event marked as replayed (User Guide, "Replaying archived events"). */
export function withReplayName(eventText: string, replayName: string): string {
  return `${eventText.slice(0, -1)},"replay-name":${JSON.stringify(replayName)}}`;
}

/** U+FFFE, U+FFFF and halves of surrogate pairs; only strings of a JSON text can have them. */
const unsendable = /[\ufffe\uffff\ud800-\udfff]/gu;

/**
 * SQS refuses characters that XML cannot represent; as JSON escapes they have the same meaning and
 * are accepted.
 */
function escapeForQueues(json: string): string {
  if (json.isWellFormed() && !json.includes('\ufffe') && !json.includes('\uffff')) {
    return json;
  }
  return json.replace(unsendable, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** A time as events carry it: `2026-01-31T23:59:59Z`. */
export const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
