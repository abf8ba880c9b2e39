import type { Jobs } from './jobs.ts';
import type { PipelineView } from './pipeline/pipeline-view.ts';
import type { Purges } from './purges.ts';
import type { ConsoleSource } from './source/console-source.ts';

/** The dependencies of the routes. */
export interface ConsoleContext {
  readonly source: ConsoleSource;
  readonly view: PipelineView;
  readonly jobs: Jobs;
  readonly purges: Purges;
}

/** A request of the page. */
export interface Requested {
  readonly query: URLSearchParams;
  /** A JSON object; empty for GET. */
  readonly body: unknown;
  /** Whether the user chose to see personal content. In a local run it is always shown. */
  readonly reveal: boolean;
  /** Aborts when the page has disconnected. */
  readonly signal: AbortSignal;
}

/** Answers with a value that becomes JSON. @throws BadRequest */
export type Route = (context: ConsoleContext, requested: Requested) => Promise<unknown>;
