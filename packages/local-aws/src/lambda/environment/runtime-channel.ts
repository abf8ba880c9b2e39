import type { Socket } from 'node:net';
import { MAX_RESPONSE_BYTES, responseTooLarge } from '../invoke/function-error.ts';
import type { Invocation } from '../invoke/invocation.ts';
import { readFrames, writeFrame } from '../runtime/frames.mjs';
import type { RuntimeEvents } from './runtime-api.ts';

/** Gives an invocation to the runtime that asked for one. `deadline` is in milliseconds since 1970. */
export type Give = (invocation: Invocation, deadline: number) => void;

/** What our own runtime says in a frame. */
interface Head {
  readonly told?: 'response' | 'error' | 'init-error';
  /** The invocation that this is the result of. */
  readonly id?: string;
  /** The result is larger than Lambda takes, and left out. */
  readonly tooLarge?: boolean;
  /** It asks for the next invocation. */
  readonly next?: boolean;
}

/**
 * Serves the runtime of one environment over the socket that its process was started with. A
 * process that sends anything else than the runtime's frames loses the connection, and so ends.
 */
export function serveRuntimeChannel(
  socket: Socket,
  events: RuntimeEvents,
  onAsked: (give: Give) => void,
): void {
  const give: Give = ({ requestId, functionArn, traceId, clientContext, payload }, deadline) => {
    socket.write(writeFrame({ requestId, functionArn, traceId, clientContext, deadline }, payload));
  };
  const onFrame = (frame: unknown, body: string) => {
    const head = frame as Head;
    if (head.told) tell(events, head, body);
    if (head.next) onAsked(give);
    // Whoever ends after this waits until it has been read.
    else socket.write(writeFrame({}));
  };
  const read = readFrames(onFrame, MAX_RESPONSE_BYTES);
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => {});
}

function tell(events: RuntimeEvents, { told, id, tooLarge }: Head, body: string): void {
  const payload = tooLarge ? JSON.stringify(responseTooLarge()) : body;
  if (told === 'init-error') events.initFailed(payload);
  else if (typeof id !== 'string') throw new Error('A result belongs to an invocation.');
  else if (told === 'response' && !tooLarge) events.responded(id, payload);
  else events.failed(id, payload);
}
