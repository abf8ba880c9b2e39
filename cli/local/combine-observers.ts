import type { LocalObserver } from '@event-fanout/local-aws';

/** One observer that tells all of them, and has only what one of them has: what nobody hears is not made. */
export function combineObservers(observers: readonly LocalObserver[]): LocalObserver {
  return {
    ...all(observers, 'logged'),
    ...all(observers, 'accessLogged'),
    ...all(observers, 'served'),
    ...all(observers, 'routed'),
    ...all(observers, 'queued'),
    ...all(observers, 'deadLettered'),
    ...all(observers, 'given'),
    ...all(observers, 'finished'),
  };
}

/** What is told under one name; nothing where nobody listens. */
function all<Name extends keyof LocalObserver>(
  observers: readonly LocalObserver[],
  name: Name,
): Pick<LocalObserver, Name> {
  const listeners = observers.filter((each) => each[name]);
  if (listeners.length === 0) return {} as Pick<LocalObserver, Name>;
  const tell = (...told: unknown[]) => {
    for (const each of listeners) (each[name] as (...told: unknown[]) => void).apply(each, told);
  };
  return { [name]: tell } as Pick<LocalObserver, Name>;
}
