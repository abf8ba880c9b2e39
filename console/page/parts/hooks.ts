import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Query } from '../model/api.ts';
import { connection, reveal, showError } from '../model/store.ts';

/** The state of a request. */
export interface Answer<Value> {
  /** The last response; undefined until there is one. */
  readonly value: Value | undefined;
  /** The error message of the last request, if it failed. */
  readonly error: string | undefined;
}

const nothing = { value: undefined, error: undefined };

/**
 * The server's response. It is requested again when the query changes, when the server has reconnected, and when
 * `version` changes: then once more after the request that is running, however often it changes meanwhile. Until the
 * next response to the same query arrives, and when it is an error, the last one is still shown.
 */
export function useAnswer<Value>(
  path: string | undefined,
  query: Query = {},
  version: string | number = 0,
): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>(nothing);
  const isGone = connection.value.state === 'gone';
  const name = JSON.stringify([path, query, reveal.value]);
  const wanted = useRef(version);
  wanted.current = version;
  const ask = useRef<() => void>(undefined);
  useEffect(() => setAnswer(nothing), [name]);
  useEffect(() => {
    if (path === undefined || isGone) {
      return;
    }
    // A browser has six connections to one host: no request may wait for an answer that nobody wants any more.
    const stale = new AbortController();
    let isRunning = false;
    const request = async () => {
      try {
        const sent = { ...query, reveal: reveal.value };
        const value = await get<Value>(path, sent, stale.signal);
        if (!stale.signal.aborted) {
          setAnswer({ value, error: undefined });
        }
      } catch (error) {
        if (!stale.signal.aborted) {
          setAnswer(({ value }) => ({ value, error: (error as Error).message }));
          showError(error);
        }
      }
    };
    ask.current = async () => {
      if (isRunning) {
        return;
      }
      isRunning = true;
      let asked: typeof version;
      do {
        asked = wanted.current;
        await request();
      } while (asked !== wanted.current && !stale.signal.aborted);
      isRunning = false;
    };
    ask.current();
    return () => {
      ask.current = undefined;
      stale.abort();
    };
  }, [name, isGone]);
  useEffect(() => {
    ask.current?.();
  }, [version]);
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
