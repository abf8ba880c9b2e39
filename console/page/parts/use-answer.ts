import { useEffect, useState } from 'preact/hooks';
import { get, type Query } from '../model/api.ts';
import { complain, reveal } from '../model/store.ts';

/** What the server answers; undefined until it has. Asked anew when the question changes. */
export function useAnswer<Answer>(path: string, query: Query = {}, times = 0): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const question = JSON.stringify([path, query, reveal.value, times]);
  useEffect(() => {
    let isStale = false;
    setAnswer(undefined);
    void get<Answer>(path, { ...query, reveal: reveal.value }).then((found) => {
      if (!isStale) setAnswer(found);
    }, complain);
    return () => {
      isStale = true;
    };
  }, [question]);
  return answer;
}
