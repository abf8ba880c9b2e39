import type { Route } from '../console-context.ts';
import { listEvents, showEvent } from './events.ts';
import { showOverview } from './overview.ts';

/** What the page can ask, by method and path below `/console/api/`. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET overview', showOverview],
  ['GET events', listEvents],
  ['GET event', showEvent],
]);
