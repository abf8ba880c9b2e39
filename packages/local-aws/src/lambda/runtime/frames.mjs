/** A frame starts with the lengths of its head (JSON) and of its body, 32 bits each, big-endian. */
const lengthsBytes = 8;
const maxHeadBytes = 64 * 1024;

/** One message between the service and the process of an environment, as one buffer for one write. */
export function writeFrame(head, body = '') {
  const text = JSON.stringify(head);
  const headBytes = Buffer.byteLength(text);
  const bodyBytes = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(lengthsBytes + headBytes + bodyBytes);
  frame.writeUInt32BE(headBytes, 0);
  frame.writeUInt32BE(bodyBytes, 4);
  frame.write(text, lengthsBytes);
  frame.write(body, lengthsBytes + headBytes);
  return frame;
}

/**
 * Creates a listener for a socket's data that passes each complete frame to `onFrame`, its body as
 * text. It throws for data that is not a frame, or a frame whose body is longer than
 * `maxBodyBytes`.
 */
export function readFrames(onFrame, maxBodyBytes) {
  let chunks = [];
  let received = 0;
  let needed = lengthsBytes;
  return (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    // Joining the chunks only when a frame is complete keeps a 6 MB event linear.
    if (received < needed) {
      return;
    }
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, received);
    for (;;) {
      needed = lengthOfFrame(bytes, maxBodyBytes);
      if (bytes.length < needed) {
        break;
      }
      const start = lengthsBytes + bytes.readUInt32BE(0);
      onFrame(
        JSON.parse(bytes.toString('utf8', lengthsBytes, start)),
        bytes.toString('utf8', start, needed),
      );
      bytes = bytes.subarray(needed);
    }
    chunks = bytes.length > 0 ? [bytes] : [];
    received = bytes.length;
  };
}

function lengthOfFrame(bytes, maxBodyBytes) {
  if (bytes.length < lengthsBytes) {
    return lengthsBytes;
  }
  const headBytes = bytes.readUInt32BE(0);
  const bodyBytes = bytes.readUInt32BE(4);
  if (headBytes > maxHeadBytes || bodyBytes > maxBodyBytes) {
    throw new Error('The data is not a frame.');
  }
  return lengthsBytes + headBytes + bodyBytes;
}
