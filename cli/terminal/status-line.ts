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
 * Writes lines. On a terminal the changing `status` is the last line; a pipe or a file receives only the
 * lines. A closed pipe stops the output, but not the program.
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
