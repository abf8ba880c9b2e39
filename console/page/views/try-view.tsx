import { useEffect, useState } from 'preact/hooks';
import type { DraftAnswer, KindAnswer } from '../../server/routes/kinds.ts';
import type { PreviewAnswer } from '../../server/routes/preview.ts';
import type { SendAnswer } from '../../server/routes/send.ts';
import { get, post } from '../model/api.ts';
import { complain, draftBody, report } from '../model/store.ts';
import { useSettled } from '../parts/hooks.ts';
import { JsonView, Untrusted } from '../parts/values.tsx';
import { describeAnswer } from './event-actions.tsx';
import { RuleExplanations } from './rule-explanations.tsx';

const engines = ['WEBJS', 'WPP', 'NOWEB', 'GOWS'];

/** Plays the sender: choose a kind, edit what it sends, see what becomes of it, send it. */
export function TryView() {
  const [kinds, setKinds] = useState<readonly KindAnswer[]>([]);
  const [choice, setChoice] = useState({
    type: 'message',
    sender: 'waha',
    engine: '',
    session: '',
  });
  const [help, setHelp] = useState<DraftAnswer>();
  const [isBusy, setBusy] = useState(false);
  const body = draftBody.value;
  const isOwn = body !== '' && body !== help?.body;

  useEffect(() => {
    void get<readonly KindAnswer[]>('kinds').then(setKinds, complain);
  }, []);
  useEffect(() => {
    void get<DraftAnswer>('draft', choice).then((draft) => {
      setHelp(draft);
      // What a person has edited is theirs until they choose another kind.
      if (!isOwn || help) {
        draftBody.value = draft.body;
      }
    }, complain);
  }, [choice]);

  const change = (part: Partial<typeof choice>) => setChoice({ ...choice, ...part });
  const kind = kinds.find(({ type }) => type === choice.type);
  const send = async () => {
    setBusy(true);
    await post<SendAnswer>('send', { body: compact(body) }).then(
      (answer) => report(describeAnswer(answer)),
      complain,
    );
    setBusy(false);
  };
  return (
    <section class="panel" aria-labelledby="try-title">
      <h2 id="try-title">Try it</h2>
      <div class="actions">
        <label>
          Kind
          <select
            value={choice.type}
            onChange={(event) => change({ type: event.currentTarget.value })}
          >
            {kinds.map(({ type }) => (
              <option value={type} key={type}>
                {type}
              </option>
            ))}
          </select>
        </label>
        <label>
          Sender
          <select
            value={choice.sender}
            onChange={(event) => change({ sender: event.currentTarget.value })}
          >
            <option value="waha">WAHA</option>
            <option value="wawp">Wawp</option>
          </select>
        </label>
        <label>
          Engine
          <select
            value={choice.engine}
            onChange={(event) => change({ engine: event.currentTarget.value })}
          >
            <option value="">as in the example</option>
            {engines.map((engine) => (
              <option value={engine} key={engine}>
                {engine}
              </option>
            ))}
          </select>
        </label>
        <label>
          Session
          <input
            value={choice.session}
            placeholder="default"
            onChange={(event) => change({ session: event.currentTarget.value })}
          />
        </label>
        <button type="button" onClick={() => change({})}>
          New example
        </button>
        <button type="button" class="main" disabled={isBusy} onClick={send}>
          Sign and send
        </button>
      </div>
      {kind && (
        <p class="quiet">
          {kind.summary} {kind.deprecated}
        </p>
      )}
      <div class="beside">
        <div>
          <label class="wide">
            What the sender posts
            <textarea
              class="code"
              rows={24}
              spellcheck={false}
              value={body}
              onInput={(event) => {
                draftBody.value = event.currentTarget.value;
              }}
            />
          </label>
          {help && <Fields help={help} />}
        </div>
        <Outlook body={body} />
      </div>
    </section>
  );
}

/** The schema's help: which fields there may be. */
function Fields({ help: { fields, variants } }: { readonly help: DraftAnswer }) {
  return (
    <details>
      <summary>Fields that its payload may have</summary>
      <ul>
        {variants.map((variant) => (
          <li class="quiet" key={variant}>
            {variant}
          </li>
        ))}
      </ul>
      <table>
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">takes</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ path, takes }) => (
            <tr key={`${path} ${takes}`}>
              <td>
                <code>payload.{path}</code>
              </td>
              <td>{takes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** What ingest would make of the body, while it is being typed. */
function Outlook({ body }: { readonly body: string }) {
  const [outlook, setOutlook] = useState<PreviewAnswer>();
  const settled = useSettled(body);
  useEffect(() => {
    let isStale = false;
    if (settled === '') {
      return;
    }
    void post<PreviewAnswer>('preview', { body: settled }).then((answer) => {
      if (!isStale) {
        setOutlook(answer);
      }
    }, complain);
    return () => {
      isStale = true;
    };
  }, [settled]);
  if (!outlook) {
    return null;
  }
  return (
    <div>
      {outlook.mistake !== undefined && (
        <p class="error-text">
          Not JSON: <Untrusted text={outlook.mistake} />
        </p>
      )}
      {outlook.events.map(({ type, key, reason, issues, data, rules }) => (
        <div key={key}>
          <h3>
            Published as <Untrusted text={type} />{' '}
            {reason && <span class="chip warn">{reason}</span>}
          </h3>
          <ul>
            {issues.map(({ path, expected, received }) => (
              <li class="error-text" key={path}>
                <code>
                  <Untrusted text={path} />
                </code>{' '}
                must be {expected}, and is {received}
              </li>
            ))}
          </ul>
          <JsonView value={data} label="Data" />
          <h3>Rules</h3>
          <RuleExplanations results={rules.filter(({ matches }) => matches)} />
          <details>
            <summary>and why the others do not match</summary>
            <RuleExplanations results={rules.filter(({ matches }) => !matches)} />
          </details>
        </div>
      ))}
      {outlook.unknownFields.length > 0 && (
        <p class="quiet">
          Not known to the catalog, kept in raw only:{' '}
          <Untrusted text={outlook.unknownFields.join(', ')} max={600} />
        </p>
      )}
    </div>
  );
}

/** Senders send no line breaks; what is no JSON is sent as it is, to see what becomes of it. */
function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}
