import { useEffect, useState } from 'preact/hooks';
import { get, type Query } from '../model/api.ts';
import { complain, reveal } from '../model/store.ts';

/** The server's response; undefined while loading. Requested again when the query changes. */
export function useAnswer<Answer>(path: string, query: Query = {}, times = 0): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const question = JSON.stringify([path, query, reveal.value, times]);
  useEffect(() => {
    let isStale = false;
    setAnswer(undefined);
    void get<Answer>(path, { ...query, reveal: reveal.value }).then((found) => {
      if (!isStale) {
        setAnswer(found);
      }
    }, complain);
    return () => {
      isStale = true;
    };
  }, [question]);
  return answer;
}

const query = '(max-width: 760px)';

/** Whether the window is as narrow as a phone's. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listen = () => setNarrow(list.matches);
    list.addEventListener('change', listen);
    return () => list.removeEventListener('change', listen);
  }, []);
  return isNarrow;
}

/** A value that is being typed, once the typing has paused. */
export function useSettled<Value>(value: Value, ms = 250): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
