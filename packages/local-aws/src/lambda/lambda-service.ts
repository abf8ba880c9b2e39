import type { LambdaRequest, LambdaResponse } from './api/lambda-api.ts';
import { answerLambdaRequest } from './api/lambda-api.ts';
import {
  EventSourceMappings,
  type LocalMapping,
} from './event-source-mapping/event-source-mapping.ts';
import type {
  MappingPorts,
  MappingSettings,
  QueueSource,
} from './event-source-mapping/mapping-settings.ts';
import type { AsyncInvokeSettings, FunctionSettings } from './function-settings.ts';
import { invalidParameter } from './function-settings.ts';
import {
  FunctionRunner,
  type LocalFunction,
  type RunnerOptions,
} from './invoke/function-runner.ts';
import type { InvokeOptions, InvokeResult } from './invoke/invocation.ts';

/** The dependencies of the service. */
export interface LambdaOptions extends RunnerOptions {
  /** The source of event source mappings. @default mappings are refused */
  readonly queues?: QueueSource;
  /** For mappings with filters: see {@link MappingPorts}. @default such mappings are refused */
  readonly compileFilter?: MappingPorts['compileFilter'];
  /** Callbacks for each batch that a function is called with. @default - none */
  readonly batches?: MappingPorts['batches'];
}

/** Maximum number of concurrent batches of one queue, unless its mapping sets one. */
const defaultBatchConcurrency = 10;

/** AWS Lambda on this machine: functions, event source mappings, and the API for both. */
export class LambdaService {
  readonly #runner: FunctionRunner;
  readonly #mappings: EventSourceMappings;

  constructor(options: LambdaOptions) {
    this.#runner = new FunctionRunner(options);
    this.#mappings = new EventSourceMappings({
      clock: options.clock,
      queues: options.queues ?? noQueues,
      invoke: (functionName, event) => this.#runner.invoke(functionName, event),
      compileFilter: options.compileFilter ?? refuseFilter,
      batches: options.batches,
      defaultConcurrency: options.maxEnvironments ?? defaultBatchConcurrency,
    });
  }

  /** See {@link FunctionRunner.createFunction}. */
  createFunction(settings: FunctionSettings): void {
    this.#runner.createFunction(settings);
  }

  /** See {@link FunctionRunner.updateCode}. */
  updateCode(nameOrArn: string, codeDirectory: string): void {
    this.#runner.updateCode(nameOrArn, codeDirectory);
  }

  /** See {@link FunctionRunner.configureAsyncInvoke}. */
  configureAsyncInvoke(nameOrArn: string, settings: AsyncInvokeSettings | undefined): void {
    this.#runner.configureAsyncInvoke(nameOrArn, settings);
  }

  /** See {@link FunctionRunner.addQualifier}. */
  addQualifier(nameOrArn: string, qualifier: string): void {
    this.#runner.addQualifier(nameOrArn, qualifier);
  }

  /** See {@link FunctionRunner.deleteFunction}. */
  deleteFunction(nameOrArn: string): void {
    this.#runner.deleteFunction(nameOrArn);
  }

  /** All functions, in the order of their creation. */
  listFunctions(): LocalFunction[] {
    return this.#runner.listFunctions();
  }

  /** See {@link FunctionRunner.invoke}. */
  invoke(
    nameOrArn: string,
    payload: string | Buffer,
    options?: InvokeOptions,
  ): Promise<InvokeResult> {
    return this.#runner.invoke(nameOrArn, payload, options);
  }

  /** Asynchronous invocations that are not finished. */
  pendingEvents(): number {
    return this.#runner.pendingEvents();
  }

  /** Maps a queue to a function, or updates the mapping between them. Returns the mapping's id. */
  putEventSourceMapping(settings: MappingSettings): string {
    this.#runner.getFunction(settings.functionName);
    return this.#mappings.put(settings).uuid;
  }

  /** Stops polling; messages already received are still processed. */
  deleteEventSourceMapping(uuid: string): void {
    this.#mappings.delete(uuid);
  }

  listEventSourceMappings(): LocalMapping[] {
    return this.#mappings.list();
  }

  /** Answers a request to the Lambda API (REST, JSON); undefined if it is for another. */
  handle(request: LambdaRequest): Promise<LambdaResponse | undefined> {
    return answerLambdaRequest(request, this.#runner, this.#mappings);
  }

  /**
   * Stops polling, waits up to `drainMs` for running executions, and ends all processes.
   * Interrupted work is not lost: messages become visible again, asynchronous events run again.
   */
  async close(options: { readonly drainMs?: number } = {}): Promise<void> {
    const polling = this.#mappings.close();
    await this.#runner.close(options);
    await polling;
  }
}

const noQueues = {
  receive: () => Promise.reject(new Error('There are no queues.')),
  deleteMessages: () => Promise.reject(new Error('There are no queues.')),
  changeVisibility: () => Promise.reject(new Error('There are no queues.')),
};

function refuseFilter(): never {
  throw invalidParameter('FilterCriteria are not available here.');
}
