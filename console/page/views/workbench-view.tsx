import { useEffect, useState } from 'preact/hooks';
import type { MatchAnswer } from '../../server/routes/match.ts';
import { post } from '../model/api.ts';
import { complain, overview, reveal } from '../model/store.ts';
import { useSettled } from '../parts/hooks.ts';
import { clockTime, Untrusted } from '../parts/values.tsx';
import { RuleExplanations } from './rule-explanations.tsx';

const firstPattern = JSON.stringify(
  { source: ['whatsapp'], 'detail-type': ['message'], detail: { meta: { fromMe: [false] } } },
  null,
  2,
);

/** An event pattern, the most recent events, and the conditions that fail. */
export function WorkbenchView() {
  const [pattern, setPattern] = useState(firstPattern);
  const [answer, setAnswer] = useState<MatchAnswer>();
  const [chosen, setChosen] = useState<number>();
  const [again, setAgain] = useState(0);
  const settled = useSettled(pattern);
  useEffect(() => {
    let isStale = false;
    void post<MatchAnswer>('match', { pattern: settled }, { reveal: reveal.value }).then(
      (found) => {
        if (!isStale) {
          setAnswer(found);
        }
      },
      complain,
    );
    return () => {
      isStale = true;
    };
  }, [settled, again, reveal.value]);
  const event = answer?.events.find(({ summary }) => summary.seq === chosen);
  const patterns = (overview.value?.lanes ?? []).filter((route) => route.pattern !== undefined);
  return (
    <section class="panel" aria-labelledby="workbench-title">
      <h2 id="workbench-title">Workbench</h2>
      <p class="quiet">
        Type an event pattern, and see which of the last events it matches. Nothing is changed.
      </p>
      <div class="beside">
        <div>
          <label>
            Begin with the pattern of
            <select
              value=""
              onChange={({ currentTarget }) => {
                const route = patterns[Number(currentTarget.value)];
                if (route?.pattern) {
                  setPattern(JSON.stringify(JSON.parse(route.pattern), null, 2));
                }
              }}
            >
              <option value="">choose a rule …</option>
              {patterns.map(({ rule, description }, index) => (
                <option value={index} key={rule}>
                  {(description ?? rule).slice(0, 80)}
                </option>
              ))}
            </select>
          </label>
          <label class="wide">
            Event pattern
            <textarea
              class="code"
              rows={18}
              spellcheck={false}
              value={pattern}
              onInput={({ currentTarget }) => setPattern(currentTarget.value)}
            />
          </label>
          {answer?.mistake !== undefined && (
            <p class="error-text" role="alert">
              <Untrusted text={answer.mistake} max={500} />
            </p>
          )}
          {event && (
            <>
              <h3>
                This pattern and event {event.summary.seq},{' '}
                {event.matches ? 'which matches' : 'which fails at'}
              </h3>
              <PatternLines pattern={settled} failing={event.failures.map(({ path }) => path)} />
            </>
          )}
        </div>
        <div>
          <p>
            <b data-matched>
              {answer?.matched ?? 0} of {answer?.tried ?? 0}
            </b>{' '}
            last events match{' '}
            <button type="button" onClick={() => setAgain(again + 1)}>
              Refresh
            </button>
          </p>
          <ul class="tried">
            {answer?.events.map(({ summary, matches, failures }) => (
              <li key={summary.seq}>
                <button
                  type="button"
                  class="row"
                  aria-pressed={chosen === summary.seq}
                  onClick={() => setChosen(summary.seq)}
                >
                  <span class={matches ? 'chip good' : 'chip'}>
                    {matches ? 'matches' : 'no match'}
                  </span>{' '}
                  <time>{clockTime(summary.at)}</time>{' '}
                  <b>
                    <Untrusted text={summary.type} max={60} />
                  </b>
                </button>
                {!matches && (
                  <RuleExplanations
                    results={[{ rule: '', description: '', matches, failures }]}
                    isBare
                  />
                )}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

/** The pattern, line by line, with the leaves marked that the event does not satisfy. */
function PatternLines({
  pattern,
  failing,
}: {
  readonly pattern: string;
  readonly failing: readonly string[];
}) {
  return (
    <ol class="json pattern">
      {linesOf(pattern).map(({ text, path }, index) => {
        const fails = path !== undefined && failing.includes(path);
        return (
          <li key={index} class={fails ? 'fails' : ''}>
            {text}
            {fails && <span class="chip bad">fails</span>}
          </li>
        );
      })}
    </ol>
  );
}

interface Line {
  readonly text: string;
  /** Names joined by dots, of a line that is a leaf. */
  readonly path?: string;
}

/** A pattern with each leaf on one line, and where it is. Alternatives (`$or`) have their own names. */
function linesOf(pattern: string): readonly Line[] {
  const lines: Line[] = [];
  const write = (value: unknown, path: readonly string[], depth: number) => {
    const indent = '  '.repeat(depth);
    for (const [name, inner] of Object.entries(value as object)) {
      const title = `${indent}${JSON.stringify(name)}: `;
      if (name === '$or' && Array.isArray(inner)) {
        for (const each of inner) {
          lines.push({ text: `${indent}either` });
          write(each, path, depth + 1);
        }
      } else if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
        lines.push({ text: title });
        write(inner, [...path, name], depth + 1);
      } else {
        lines.push({ text: title + JSON.stringify(inner), path: [...path, name].join('.') });
      }
    }
  };
  try {
    write(JSON.parse(pattern), [], 0);
  } catch {
    return [];
  }
  return lines;
}
