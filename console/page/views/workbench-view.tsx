import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Summary } from '../../server/journal/summary.ts';
import type { MatchAnswer } from '../../server/routes/match.ts';
import type { KnownField } from '../editor.ts';
import { addressOf } from '../model/address.ts';
import { post } from '../model/api.ts';
import { counted } from '../model/format.ts';
import { goTo } from '../model/router.ts';
import { connection, overview, reveal, showError } from '../model/store.ts';
import { CodeEditor } from '../parts/code-editor.tsx';
import { useAnswer, useSettled } from '../parts/hooks.ts';
import { Code, Json, Time, Untrusted } from '../parts/values.tsx';
import { Failures } from './rules.tsx';

const firstPattern = JSON.stringify(
  { source: ['whatsapp'], 'detail-type': ['message'], detail: { meta: { fromMe: [false] } } },
  null,
  2,
);

/** An event pattern, the most recent events, and the conditions that fail. */
export function WorkbenchView() {
  const { query } = useLocation();
  const [pattern, setPattern] = useState(query.pattern ?? firstPattern);
  const [answer, setAnswer] = useState<MatchAnswer>();
  const [chosen, setChosen] = useState<number>();
  const [again, setAgain] = useState(0);
  const settled = useSettled(pattern);
  const { value: fields } = useAnswer<readonly KnownField[]>('pattern-fields');
  useEffect(() => {
    if (settled !== (query.pattern ?? firstPattern)) {
      goTo(addressOf.workbench(settled), true);
    }
  }, [settled]);
  const isGone = connection.value.state === 'gone';
  useEffect(() => {
    let isStale = false;
    if (isGone) {
      return;
    }
    void post<MatchAnswer>('match', { pattern: settled }, { reveal: reveal.value }).then(
      (found) => {
        if (!isStale) {
          setAnswer(found);
        }
      },
      showError,
    );
    return () => {
      isStale = true;
    };
  }, [settled, again, reveal.value, isGone]);
  const miss = answer?.others.find(({ summary }) => summary.seq === chosen);
  const routes = (overview.value?.routes ?? []).filter((route) => route.pattern !== undefined);
  return (
    <section class="panel" aria-labelledby="workbench-title">
      <h2 id="workbench-title">Workbench</h2>
      <p class="quiet">
        An event pattern, and which of the last events it matches. Nothing is changed. The pattern
        stands in the address: copy the link to keep it.
      </p>
      <div class="beside">
        <div>
          <label>
            Begin with the pattern of
            <select
              value=""
              onChange={({ currentTarget }) => {
                const route = routes[Number(currentTarget.value)];
                if (currentTarget.value !== '' && route?.pattern) {
                  setPattern(JSON.stringify(JSON.parse(route.pattern), null, 2));
                }
              }}
            >
              <option value="">choose a rule …</option>
              {routes.map(({ rule, description }, index) => (
                <option value={index} key={rule}>
                  {(description ?? rule).slice(0, 80)}
                </option>
              ))}
            </select>
          </label>
          <CodeEditor label="Event pattern" value={pattern} onChange={setPattern} fields={fields} />
          {answer?.mistake !== undefined && (
            <p class="error-text" role="alert">
              <Untrusted text={answer.mistake} max={500} />
            </p>
          )}
          {miss && (
            <>
              <h3>Where event {miss.summary.seq} fails</h3>
              <Json
                value={parsed(settled)}
                label="Pattern"
                marks={new Map(miss.failures.map(({ path }) => [path, 'fails']))}
                isBad
              />
            </>
          )}
          {answer && answer.mistake === undefined && <NewConsumer pattern={settled} />}
        </div>
        <div>
          <p>
            <b data-matched>
              {answer?.matched ?? 0} of the last {counted(answer?.tried ?? 0, 'event')}
            </b>{' '}
            {answer?.matched === 1 ? 'matches' : 'match'}{' '}
            <button type="button" class="small" onClick={() => setAgain(again + 1)}>
              Refresh
            </button>
          </p>
          <ul class="tried" aria-label="Events that match">
            {answer?.matching.map((summary) => (
              <li key={summary.seq}>
                <a class="row" data-row href={addressOf.events({}, summary.eventId)}>
                  <EventLine summary={summary} />
                </a>
              </li>
            ))}
          </ul>
          {answer && answer.others.length > 0 && (
            <details open={answer.matching.length === 0}>
              <summary>
                {counted(answer.tried - answer.matched, 'event does', 'events do')} not match
              </summary>
              <ul class="tried" aria-label="Events that do not match">
                {answer.others.map(({ summary, failures }) => (
                  <li key={summary.seq}>
                    <button
                      type="button"
                      class="row"
                      data-row
                      aria-expanded={chosen === summary.seq}
                      onClick={() => setChosen(chosen === summary.seq ? undefined : summary.seq)}
                    >
                      <EventLine summary={summary} />
                    </button>
                    {chosen === summary.seq && <Failures failures={failures} />}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
    </section>
  );
}

function EventLine({ summary }: { readonly summary: Summary }) {
  return (
    <>
      <Time at={summary.at} />{' '}
      <b>
        <Untrusted text={summary.type} max={60} />
      </b>{' '}
      <span class="quiet">
        {summary.preview !== undefined && <Untrusted text={summary.preview} max={60} />}
      </span>
    </>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The pattern as a consumer: the row of this project's table, and the same with the AWS CLI. */
function NewConsumer({ pattern }: { readonly pattern: string }) {
  const [name, setName] = useState('my-consumer');
  const [bus = 'BUS'] = overview.value?.buses ?? [];
  const row = rowOf(name, pattern);
  const commands = commandsOf(name, pattern, bus);
  return (
    <details>
      <summary>Make a consumer of this</summary>
      <label>
        Name
        <input
          value={name}
          pattern="[a-z][a-z0-9-]*"
          onInput={({ currentTarget }) => {
            if (/^[a-z][a-z0-9-]{0,40}$/.test(currentTarget.value)) {
              setName(currentTarget.value);
            }
          }}
        />
      </label>
      <h3>A row of lib/consumers.ts</h3>
      <Code text={row} label="the row" />
      <h3>The same with the AWS CLI</h3>
      <Code text={commands} label="the commands" />
    </details>
  );
}

function rowOf(name: string, pattern: string): string {
  const lines = JSON.stringify(parsed(pattern), null, 2) ?? '{}';
  return [
    `'${name}': {`,
    "  kind: 'queue',",
    "  summary: 'What it is for',",
    `  pattern: ${lines.replaceAll('\n', '\n  ')},`,
    '},',
  ].join('\n');
}

/** One word of a POSIX shell; `$QUEUE_ARN` and `$RULE_ARN` in it are replaced by the shell. */
const quoted = (text: string) =>
  `'${text.replaceAll("'", "'\\''").replaceAll(/\$(QUEUE|RULE)_ARN/g, "'$&'")}'`;

function commandsOf(name: string, pattern: string, bus: string): string {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } },
        ...{ Action: 'sqs:SendMessage', Resource: '$QUEUE_ARN' },
        Condition: { ArnEquals: { 'aws:SourceArn': '$RULE_ARN' } },
      },
    ],
  });
  return [
    `QUEUE=$(aws sqs create-queue --queue-name ${name} --query QueueUrl --output text)`,
    'QUEUE_ARN=$(aws sqs get-queue-attributes --queue-url "$QUEUE" --attribute-names QueueArn \\',
    '  --query Attributes.QueueArn --output text)',
    `RULE_ARN=$(aws events put-rule --event-bus-name ${quoted(bus)} --name ${name} \\`,
    `  --event-pattern ${quoted(JSON.stringify(parsed(pattern)) ?? '{}')} --query RuleArn --output text)`,
    `aws sqs set-queue-attributes --queue-url "$QUEUE" --attributes ${quoted(JSON.stringify({ Policy }))}`,
    `aws events put-targets --event-bus-name ${quoted(bus)} --rule ${name} \\`,
    `  --targets ${quoted('Id=1,Arn=$QUEUE_ARN')}`,
  ].join('\n');
}
