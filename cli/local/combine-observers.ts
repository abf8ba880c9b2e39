import type { LocalObserver } from '../../local/local-observer.ts';

/** One observer that tells all of them. */
export function combineObservers(observers: readonly LocalObserver[]): LocalObserver {
  return {
    logged(line) {
      for (const each of observers) each.logged?.(line);
    },
    accessLogged(line) {
      for (const each of observers) each.accessLogged?.(line);
    },
    served(request) {
      for (const each of observers) each.served?.(request);
    },
    routed(observation) {
      for (const each of observers) each.routed?.(observation);
    },
    queued(queueArn, body) {
      for (const each of observers) each.queued?.(queueArn, body);
    },
    deadLettered(queueArn) {
      for (const each of observers) each.deadLettered?.(queueArn);
    },
    given(batch) {
      for (const each of observers) each.given?.(batch);
    },
    finished(batch, failed, error) {
      for (const each of observers) each.finished?.(batch, failed, error);
    },
  };
}
