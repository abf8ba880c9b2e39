/** Shows the progress of a long job. */
export interface Progress {
  show(done: number): void;
  /** Ends the line, so that further output starts on a new one. */
  end(): void;
}

/** The output of progress: process.stderr, or a stub in tests. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 30;

/** Interval between two plain lines in milliseconds, so that a log is not flooded. */
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

/** Shows nothing. */
export const noProgress: Progress = { show() {}, end() {} };

/** Interval between two updates of a step's line, in milliseconds. */
const stepIntervalMs = 1_000;

/**
 * Shows the current step and its duration on a terminal when it takes longer than a second. The line
 * disappears when the work ends. Without a terminal nothing is shown.
 *
 * @param isBlocking whether the work blocks timers; then the step is shown at once
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
