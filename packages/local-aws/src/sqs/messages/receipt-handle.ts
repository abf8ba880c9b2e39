import { hash, timingSafeEqual } from 'node:crypto';

/** What a receipt handle stands for: one receive of one message from one queue. */
export interface Receipt {
  readonly queueId: number;
  readonly seq: number;
  /** How often the message had been received from this queue, this receive included. */
  readonly receive: number;
}

/** Version and format; base64 of it is `AQEB`, with which AWS's handles start. */
const MARK = [1, 1, 1];
const PAYLOAD_BYTES = 3 + 6 + 6 + 6;
const SEAL_BYTES = 15;

/**
 * Handles are sealed with a key of the store, so that junk is told from a real handle, and so that
 * a handle from data since wiped cannot delete whatever has that number now.
 */
export class ReceiptHandles {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  write({ queueId, seq, receive }: Receipt): string {
    const payload = Buffer.alloc(PAYLOAD_BYTES);
    payload.set(MARK);
    payload.writeUIntBE(queueId, 3, 6);
    payload.writeUIntBE(seq, 9, 6);
    payload.writeUIntBE(receive, 15, 6);
    return Buffer.concat([payload, this.#seal(payload)]).toString('base64');
  }

  /** `undefined` for what this store never issued. */
  read(handle: string): Receipt | undefined {
    if (handle.length !== ((PAYLOAD_BYTES + SEAL_BYTES) / 3) * 4) return undefined;
    const bytes = Buffer.from(handle, 'base64');
    if (bytes.toString('base64') !== handle) return undefined;
    const payload = bytes.subarray(0, PAYLOAD_BYTES);
    if (!timingSafeEqual(bytes.subarray(PAYLOAD_BYTES), this.#seal(payload))) return undefined;
    return {
      queueId: payload.readUIntBE(3, 6),
      seq: payload.readUIntBE(9, 6),
      receive: payload.readUIntBE(15, 6),
    };
  }

  /**
   * A hash of key and payload, which takes a fraction of an HMAC's time. What makes an HMAC needful
   * in general, that such a hash can be continued, cannot happen: the payload has one length, and
   * only a part of the hash is given away.
   */
  #seal(payload: Buffer): Buffer {
    return hash('sha256', Buffer.concat([this.#key, payload]), 'buffer').subarray(0, SEAL_BYTES);
  }
}
