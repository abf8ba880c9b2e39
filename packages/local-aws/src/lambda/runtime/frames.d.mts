export function writeFrame(head: object, body?: string): Buffer;

export function readFrames(
  onFrame: (head: unknown, body: string) => void,
  maxBodyBytes: number,
): (chunk: Buffer) => void;
