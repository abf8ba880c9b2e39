import type { LogLine } from '../logs/platform-log.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { ProcessGuard } from './process-guard.ts';

/** What all execution environments share. */
export interface EnvironmentContext {
  readonly guard: ProcessGuard;
  readonly memory: MemoryWatch;
  readonly extraEnvironment: Readonly<Record<string, string>>;
  readonly log: (line: LogLine) => void;
}

/** Whom an execution environment tells what becomes of it. */
export interface EnvironmentEvents {
  /** It waits for an invocation. */
  onIdle(): void;
  /** Its process has ended. If it was never idle, `initError` is the error as JSON for a caller. */
  onEnd(initError?: (requestId: string) => string): void;
}
