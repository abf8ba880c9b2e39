/** What the head of a response says, as far as it is of use here. */
export interface ResponseHead {
  readonly status: number;
  /** Whether the connection stays unless the head says otherwise: since HTTP/1.1. */
  readonly isPersistent: boolean;
  /** `content-length`, `transfer-encoding` and `connection` as they came. */
  length: string | undefined;
  coding: string | undefined;
  connection: string | undefined;
  /** Where the head ends, and what follows begins. */
  end: number;
}

/** What is read of a head, by the length of a header's name: that spares looking at the others. */
const known: ReadonlyMap<
  number,
  readonly [name: string, part: 'length' | 'coding' | 'connection']
> = new Map([
  [10, ['connection', 'connection']],
  [14, ['content-length', 'length']],
  [17, ['transfer-encoding', 'coding']],
]);

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colonSign = 0x3a;

/**
 * Looks at each line of the head that begins at a place, in one pass over its bytes; undefined where it
 * is not complete.
 *
 * @throws Error when it is no head
 */
export function readResponseHead(bytes: Buffer, from: number): ResponseHead | undefined {
  const text = (start: number, end: number) => bytes.toString('latin1', start, end);
  let head: ResponseHead | undefined;
  let start = from;
  let colon = -1;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === colonSign && colon < 0) colon = at;
    if (byte !== lineFeed) continue;
    const end = at - 1;
    if (bytes[end] !== carriageReturn) throw notHttp();
    if (!head) head = readStatus(text(start, end));
    else if (end === start) {
      head.end = at + 1;
      return head;
    } else if (colon <= start) throw notHttp();
    else {
      const [name, part] = known.get(colon - start) ?? [];
      if (part && text(start, colon).toLowerCase() === name) {
        const value = text(colon + 1, end).trim();
        if (part === 'length' && (head.length ?? value) !== value) throw notHttp();
        head[part] = value;
      }
    }
    start = at + 1;
    colon = -1;
  }
  return undefined;
}

/** The error for what is no HTTP response. */
export const notHttp = () => new Error('The answer is not HTTP.');

function readStatus(line: string): ResponseHead {
  if (!/^HTTP\/1\.[01] \d{3}(?: |$)/.test(line)) throw notHttp();
  return {
    status: Number(line.slice(9, 12)),
    isPersistent: line[7] === '1',
    length: undefined,
    coding: undefined,
    connection: undefined,
    end: 0,
  };
}

/** The value of a header by its name in lower case; where it is there twice, the last. */
export function headerIn(head: string, name: string): string | undefined {
  let value: string | undefined;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (line.slice(0, colon).toLowerCase() === name) value = line.slice(colon + 1).trim();
  }
  return value;
}
