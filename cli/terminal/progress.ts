/** Shows how far a long job is. */
export interface Progress {
  show(done: number): void;
  /** Ends the line, so that what follows stands on one of its own. */
  end(): void;
}

/** Where progress is shown: process.stderr, or a test's stand-in. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 30;

/** Between two plain lines, in milliseconds: a log is not to be flooded. */
const plainIntervalMs = 5_000;

/**
 * A bar on a terminal, a line every few seconds elsewhere. `total` may be wrong: SQS only knows
 * approximately how many messages a queue has.
 */
export function createProgress(
  what: string,
  total: number,
  stream: ProgressStream = process.stderr,
  now: () => number = Date.now,
): Progress {
  const start = now();
  let last = start;
  const describe = (done: number) => {
    const seconds = (now() - start) / 1000;
    const rate = seconds > 0.5 ? `, ${Math.round(done / seconds)}/s` : '';
    return `${done} of about ${Math.max(done, total)} ${what}${rate}`;
  };
  if (!stream.isTTY) {
    return {
      show(done) {
        if (now() - last < plainIntervalMs) {
          return;
        }
        last = now();
        stream.write(`${describe(done)}\n`);
      },
      end() {},
    };
  }
  let isShown = false;
  return {
    show(done) {
      const filled = Math.round(barWidth * (total > 0 ? Math.min(1, done / total) : 1));
      const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
      const line = `${bar} ${describe(done)}`.slice(0, (stream.columns ?? 80) - 1);
      stream.write(`\r\u001B[K${line}`);
      isShown = true;
    },
    end() {
      if (isShown) {
        stream.write('\n');
      }
    },
  };
}

/** For those who want none. */
export const noProgress: Progress = { show() {}, end() {} };

/** How often a step's line is drawn, in milliseconds. */
const stepIntervalMs = 1_000;

/**
 * Shows on a terminal what is being done when it takes longer than a second, and for how long; the line goes
 * when the work ends. Elsewhere nothing is shown.
 *
 * @param isBlocking the work does not let timers run: it is shown at once
 */
export async function showStep<T>(
  what: string,
  work: () => T | Promise<T>,
  isBlocking = false,
  stream: ProgressStream = process.stderr,
): Promise<T> {
  if (!stream.isTTY) {
    return work();
  }
  let seconds = 0;
  let isShown = false;
  const show = () => {
    isShown = true;
    const text = `${what} …${seconds > 0 ? ` ${seconds} s` : ''}`;
    stream.write(`\r\u001B[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(() => {
    seconds += 1;
    show();
  }, stepIntervalMs);
  if (isBlocking) {
    show();
  }
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isShown) {
      stream.write('\r\u001B[K');
    }
  }
}
