/** Where lines go: a stream, and a last line that is drawn again while it changes. */
interface Terminal {
  line(text: string): void;
  /** Ends the line that changes. */
  close(): void;
}

/** How often the changing line is drawn at most, in milliseconds. */
const drawMs = 250;

const eraseLine = '\r\u001b[2K';

/**
 * Writes lines. On a terminal `status` stands below them and changes; into a pipe or a file go the
 * lines alone. When the reader of a pipe has gone, nothing more is written, and nothing else ends.
 */
export function openTerminal(stream: NodeJS.WriteStream, status: () => string): Terminal {
  let isGone = false;
  let drawn = '';
  stream.on('error', () => {
    isGone = true;
  });
  const write = (text: string) => {
    if (!isGone) {
      stream.write(text);
    }
  };
  const draw = (text: string) => {
    drawn = text.slice(0, Math.max(0, (stream.columns ?? 80) - 1));
    write(`${eraseLine}${drawn}`);
  };
  const timer = stream.isTTY
    ? setInterval(() => {
        const next = status();
        if (next !== drawn) {
          draw(next);
        }
      }, drawMs).unref()
    : undefined;
  return {
    line(text) {
      if (!stream.isTTY) {
        return write(`${text}\n`);
      }
      write(`${drawn ? eraseLine : ''}${text}\n`);
      if (drawn) {
        draw(drawn);
      }
    },
    close() {
      clearInterval(timer);
      if (drawn) {
        write('\n');
      }
      drawn = '';
    },
  };
}
