import { useEffect, useState } from 'preact/hooks';
import { get, type Query } from '../model/api.ts';
import { connection, reveal, showError } from '../model/store.ts';

/** The state of a request. */
export interface Answer<Value> {
  /** The response; undefined while it is loading, and after an error. */
  readonly value: Value | undefined;
  /** The error message of a failed request. */
  readonly error: string | undefined;
}

/** The server's response. It is requested again when the query changes and when the server has reconnected. */
export function useAnswer<Value>(
  path: string | undefined,
  query: Query = {},
  times = 0,
): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({ value: undefined, error: undefined });
  const isGone = connection.value.state === 'gone';
  const name = JSON.stringify([path, query, reveal.value]);
  const question = JSON.stringify([name, times, isGone]);
  // While the same path is requested again, the last response is still shown.
  useEffect(() => setAnswer({ value: undefined, error: undefined }), [name]);
  useEffect(() => {
    if (path === undefined || isGone) {
      return;
    }
    // A browser has six connections to one host: no request may wait for an answer that nobody wants any more.
    const stale = new AbortController();
    void get<Value>(path, { ...query, reveal: reveal.value }, stale.signal).then(
      (value) => {
        if (!stale.signal.aborted) {
          setAnswer({ value, error: undefined });
        }
      },
      (error: Error) => {
        if (!stale.signal.aborted) {
          setAnswer({ value: undefined, error: error.message });
          showError(error);
        }
      },
    );
    return () => stale.abort();
  }, [question]);
  return answer;
}

/** Whether a media query matches. */
export function useMedia(query: string): boolean {
  const [isTrue, setTrue] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listen = () => setTrue(list.matches);
    list.addEventListener('change', listen);
    return () => list.removeEventListener('change', listen);
  }, [query]);
  return isTrue;
}

/** Whether the window is as narrow as a phone's. */
export const useNarrow = () => useMedia('(max-width: 900px)');

/** The value of a field once the user has stopped typing. */
export function useSettled<Value>(value: Value, ms = 250): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
