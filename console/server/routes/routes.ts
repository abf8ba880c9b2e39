import { commandName, startCommand } from '../../../ops/command-name.ts';
import type { Route } from '../console-context.ts';
import type { Overview } from '../pipeline/overview.ts';
import { listFailureQueues, listMessages, showMessage } from './dead-letters.ts';
import { listEvents, showEvent } from './events.ts';
import { match } from './match.ts';
import { preview } from './preview.ts';
import { showJob, startPurge, startRedrive, stopJob, undoPurge } from './redrive.ts';
import { copyAsCurl, copyAsTestCase, send, sendAgain } from './send.ts';
import { sendCopy } from './send-copy.ts';
import { listCalls, listChats, listLabels, listSessions, showChat, showGroup } from './state.ts';
import { draft, listPatternFields, listTypes } from './types.ts';

/** The pipeline and the mode of the console. */
export interface OverviewAnswer extends Overview {
  readonly mode: 'local' | 'aws';
  readonly caveat: string | undefined;
}

/** What a person types, which depends on how the program was installed. */
export interface Commands {
  readonly fanout: string;
  /** Starts the local run. */
  readonly start: string;
}

/** `GET commands`: needs no pipeline, since the page names them where it cannot be read, too. */
const showCommands: Route = async (): Promise<Commands> => ({
  fanout: commandName(),
  start: startCommand(),
});

/** `GET overview`: the rules, queues and consumers of the pipeline. */
const showOverview: Route = async ({ view, source }): Promise<OverviewAnswer> => {
  const { mode, caveat } = source;
  return { mode, caveat, ...(await view.overview()) };
};

/** The routes of the API, by method and path below `/console/api/`. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET commands', showCommands],
  ['GET overview', showOverview],
  ['GET events', listEvents],
  ['GET event', showEvent],
  ['GET end-queues', listFailureQueues],
  ['GET messages', listMessages],
  ['GET message', showMessage],
  ['POST redrive', startRedrive],
  ['POST purge', startPurge],
  ['POST undo-purge', undoPurge],
  ['POST send-copy', sendCopy],
  ['GET job', showJob],
  ['POST stop-job', stopJob],
  ['GET chats', listChats],
  ['GET chat', showChat],
  ['GET group', showGroup],
  ['GET calls', listCalls],
  ['GET labels', listLabels],
  ['GET sessions', listSessions],
  ['GET types', listTypes],
  ['GET draft', draft],
  ['GET pattern-fields', listPatternFields],
  ['POST preview', preview],
  ['POST send', send],
  ['POST send-again', sendAgain],
  ['POST curl', copyAsCurl],
  ['POST test-case', copyAsTestCase],
  ['POST match', match],
]);
