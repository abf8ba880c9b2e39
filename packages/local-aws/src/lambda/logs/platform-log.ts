import { defaultMemoryMb, type FunctionSettings } from '../function-settings.ts';
import type { FunctionError } from '../invoke/invocation.ts';

/** One line of a function's log. */
export interface LogLine {
  readonly functionName: string;
  /** Without the line break at its end; may have several lines (a stack trace). */
  readonly text: string;
  readonly stream: 'stdout' | 'stderr';
  /** Whether the function wrote it or Lambda itself. */
  readonly kind: 'function' | 'platform';
}

/** The report of one finished invocation. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly maxMemoryMb: number;
  /** Only for the first invocation of an environment, the cold start. */
  readonly initMs?: number;
  readonly status: 'success' | 'error' | 'timeout';
  readonly errorType?: string;
}

/**
 * The lines that Lambda itself writes around a function's own, as text or as JSON
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html). With the
 * JSON format and system log level WARN, only failures.
 */
export interface PlatformLog {
  initStart(): void;
  initFailed(durationMs: number, errorType: string): void;
  start(requestId: string): void;
  /** Why the platform ended the invocation: a timeout, an exit. */
  ended(requestId: string, error: FunctionError): void;
  report(report: Report): void;
}

export function createPlatformLog(
  settings: FunctionSettings,
  write: (text: string) => void,
): PlatformLog {
  const memoryMb = settings.memoryMb ?? defaultMemoryMb;
  return settings.loggingFormat === 'JSON'
    ? jsonLog(settings, memoryMb, write)
    : textLog(memoryMb, write);
}

function textLog(memoryMb: number, write: (text: string) => void): PlatformLog {
  return {
    initStart: () => write(`INIT_START Runtime Version: nodejs:24 (${process.version})`),
    initFailed: (durationMs, errorType) =>
      write(
        `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: init\tStatus: error\tError Type: ${errorType}`,
      ),
    start: (requestId) => write(`START RequestId: ${requestId} Version: $LATEST`),
    ended(requestId, { errorType, errorMessage }) {
      const task = errorMessage.slice(errorMessage.indexOf('Task'));
      write(
        errorType === 'Sandbox.Timedout'
          ? `${new Date().toISOString()} ${requestId} ${task}\n`
          : `${errorMessage}\n${errorType}`,
      );
    },
    report(report) {
      write(`END RequestId: ${report.requestId}`);
      write(
        [
          `REPORT RequestId: ${report.requestId}`,
          `Duration: ${report.durationMs.toFixed(2)} ms`,
          `Billed Duration: ${billedMs(report)} ms`,
          `Memory Size: ${memoryMb} MB`,
          `Max Memory Used: ${report.maxMemoryMb} MB`,
          ...(report.initMs === undefined ? [] : [`Init Duration: ${report.initMs.toFixed(2)} ms`]),
          ...(report.status === 'success' ? [] : [`Status: ${report.status}`]),
          ...(report.errorType ? [`Error Type: ${report.errorType}`] : []),
        ].join('\t'),
      );
    },
  };
}

function jsonLog(
  { name, systemLogLevel }: FunctionSettings,
  memoryMb: number,
  write: (text: string) => void,
): PlatformLog {
  const warnOnly = systemLogLevel === 'WARN';
  const event = (type: string, record: object) =>
    write(JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record }));
  const info = warnOnly ? () => {} : event;
  const initialization = { initializationType: 'on-demand', phase: 'init' };
  return {
    initStart: () =>
      info('initStart', {
        ...initialization,
        runtimeVersion: `nodejs:24 (${process.version})`,
        functionName: name,
        functionVersion: '$LATEST',
      }),
    initFailed: (durationMs, errorType) =>
      event('initReport', {
        ...initialization,
        status: 'error',
        errorType,
        metrics: { durationMs },
      }),
    start: (requestId) => info('start', { requestId, version: '$LATEST' }),
    // The report contains everything.
    ended: () => {},
    report(report) {
      const { requestId, status, errorType, durationMs, maxMemoryMb, initMs } = report;
      (status === 'success' ? info : event)('report', {
        requestId,
        metrics: {
          durationMs: Number(durationMs.toFixed(3)),
          billedDurationMs: billedMs(report),
          memorySizeMB: memoryMb,
          maxMemoryUsedMB: maxMemoryMb,
          ...(initMs !== undefined && { initDurationMs: Number(initMs.toFixed(3)) }),
        },
        status,
        errorType,
      });
    },
  };
}

/** The init phase is billed too, since 2025-08-01. */
function billedMs({ durationMs, initMs = 0 }: Report): number {
  return Math.ceil(durationMs + initMs);
}
