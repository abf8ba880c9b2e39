import { hash, timingSafeEqual } from 'node:crypto';

/** The content of a receipt handle: one receive of one message from one queue. */
export interface Receipt {
  readonly queueId: number;
  readonly seq: number;
  /** Number of receives of the message from this queue, this one included. */
  readonly receive: number;
}

/** Version and format; base64 of it is `AQEB`, with which AWS's handles start. */
const mark = [1, 1, 1];
const payloadBytes = 3 + 6 + 6 + 6;
const sealBytes = 15;

/**
 * Handles are authenticated with a key of the store. So invalid handles are recognized, and a
 * handle from a deleted store cannot delete a message that now has the same number.
 */
export class ReceiptHandles {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  write({ queueId, seq, receive }: Receipt): string {
    const payload = Buffer.alloc(payloadBytes);
    payload.set(mark);
    payload.writeUIntBE(queueId, 3, 6);
    payload.writeUIntBE(seq, 9, 6);
    payload.writeUIntBE(receive, 15, 6);
    return Buffer.concat([payload, this.#seal(payload)]).toString('base64');
  }

  /** Returns `undefined` for a handle that this store never issued. */
  read(handle: string): Receipt | undefined {
    if (handle.length !== ((payloadBytes + sealBytes) / 3) * 4) {
      return undefined;
    }
    const bytes = Buffer.from(handle, 'base64');
    if (bytes.toString('base64') !== handle) {
      return undefined;
    }
    const payload = bytes.subarray(0, payloadBytes);
    if (!timingSafeEqual(bytes.subarray(payloadBytes), this.#seal(payload))) {
      return undefined;
    }
    return {
      queueId: payload.readUIntBE(3, 6),
      seq: payload.readUIntBE(9, 6),
      receive: payload.readUIntBE(15, 6),
    };
  }

  /**
   * A hash of key and payload takes a fraction of an HMAC's time. The length-extension attack that
   * an HMAC prevents is impossible here: the payload has a fixed length, and only a part of the
   * hash is published.
   */
  #seal(payload: Buffer): Buffer {
    return hash('sha256', Buffer.concat([this.#key, payload]), 'buffer').subarray(0, sealBytes);
  }
}
