import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** The longest log event that CloudWatch Logs takes is 1 MB; more than that is cut into several. */
const MAX_LINE_LENGTH = 1_000_000;

/**
 * Calls `onLine` for each line that arrives, without its line break; what has none when the stream
 * ends is a line too. A carriage return inside a line becomes a line break, as in CloudWatch Logs:
 * the Node.js runtime writes the lines of one log event so.
 */
export function readLines(stream: Readable, onLine: (text: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (text: string) => onLine(text.includes('\r') ? text.replace(/\r/g, '\n') : text);
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(line);
    while (rest.length > MAX_LINE_LENGTH) {
      emit(rest.slice(0, MAX_LINE_LENGTH));
      rest = rest.slice(MAX_LINE_LENGTH);
    }
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on('end', () => {
    take(decoder.end());
    if (rest) emit(rest);
    rest = '';
  });
  // A pipe that breaks when its process is killed is no error of ours.
  stream.on('error', () => {});
}
