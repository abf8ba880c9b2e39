import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { PreviewAnswer } from '../../server/routes/preview.ts';
import type { SendAnswer } from '../../server/routes/send.ts';
import type { DraftAnswer, TypeAnswer } from '../../server/routes/types.ts';
import type { Trace } from '../../server/trace/trace-event.ts';
import { addressOf } from '../model/address.ts';
import { ConsoleError, get, post } from '../model/api.ts';
import { goTo } from '../model/router.ts';
import { connection, draftBody, draftOf, report, reveal, showError } from '../model/store.ts';
import { CodeEditor } from '../parts/code-editor.tsx';
import { useAnswer, useSettled } from '../parts/hooks.ts';
import { TextField } from '../parts/text-field.tsx';
import { Json, Untrusted } from '../parts/values.tsx';
import { describeAnswer } from './event-page.tsx';
import { PayloadForm } from './payload-form.tsx';
import { Rules } from './rules.tsx';

const engines = ['WEBJS', 'WPP', 'NOWEB', 'GOWS'];

/** The fields of the draft's type; kept while another view is shown, as the draft is. */
const help = signal<DraftAnswer | undefined>(undefined);

/** Sends a webhook as a sender does: choose a type, edit the body, see the preview, send it. */
export function TryView() {
  const { query } = useLocation();
  const { type = 'message', sender = 'waha', engine = '', session = '', edit } = query;
  const { value: types } = useAnswer<readonly TypeAnswer[]>('types');
  const [isBusy, setBusy] = useState(false);
  const body = draftBody.value;
  const chosen = JSON.stringify(edit === undefined ? [type, sender, engine, session] : [edit]);
  const isPending = draftOf.value !== chosen;
  const isGone = connection.value.state === 'gone';

  useEffect(() => {
    if (!isPending || isGone) {
      return;
    }
    // The draft of a type that is no longer chosen would otherwise arrive last.
    const stale = new AbortController();
    const before = draftBody.value;
    const take = (text: string) => {
      draftOf.value = chosen;
      // What was typed while the draft was on its way is not replaced.
      if (draftBody.value === before) {
        draftBody.value = text;
      }
    };
    const read = async () => {
      if (edit !== undefined) {
        const query = { id: edit, reveal: reveal.value };
        const { raw } = await get<Trace>('event', query, stale.signal);
        return typeof raw === 'string' ? raw : (JSON.stringify(raw, null, 2) ?? '');
      }
      const query = { type, sender, engine, session };
      help.value = await get<DraftAnswer>('draft', query, stale.signal);
      return help.value.body;
    };
    void read().then(take, (error: Error) => {
      if (stale.signal.aborted) {
        return;
      }
      showError(error);
      if (error instanceof ConsoleError) {
        take('');
      }
    });
    return () => stale.abort();
  }, [chosen, isPending, isGone]);

  const change = (part: Readonly<Record<string, string>>) =>
    goTo(addressOf.try({ type, sender, engine, session, ...part }), true);
  const found = types?.find((each) => each.type === type);
  const send = async () => {
    setBusy(true);
    await post<SendAnswer>('send', { body: compact(body) }).then(
      (answer) => report(describeAnswer(answer)),
      showError,
    );
    setBusy(false);
  };
  return (
    <section class="panel try" aria-labelledby="try-title">
      <h2 id="try-title">Try it</h2>
      <div class="fields">
        <label>
          Type
          <select
            value={edit === undefined ? type : ''}
            onChange={(event) => change({ type: event.currentTarget.value })}
          >
            {edit !== undefined && <option value="">of an event</option>}
            {types?.map((each) => (
              <option value={each.type} key={each.type}>
                {each.type}
              </option>
            ))}
          </select>
        </label>
        <label>
          Sender
          <select
            value={sender}
            onChange={(event) => change({ sender: event.currentTarget.value })}
          >
            <option value="waha">WAHA</option>
            <option value="wawp">Wawp</option>
          </select>
        </label>
        <label>
          Engine
          <select
            value={engine}
            onChange={(event) => change({ engine: event.currentTarget.value })}
          >
            <option value="">as in the example</option>
            {engines.map((each) => (
              <option value={each} key={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <TextField
          label="Session"
          hint="default"
          value={session}
          onChange={(name) => change({ session: name })}
        />
        <button
          type="button"
          onClick={() => {
            draftOf.value = '';
          }}
        >
          New example
        </button>
        <button
          type="button"
          class="main"
          disabled={isBusy || isPending || body === ''}
          onClick={send}
        >
          Sign and send
        </button>
      </div>
      {found && edit === undefined && (
        <p class="quiet">
          {found.summary} {found.deprecated}
        </p>
      )}
      <div class="beside three">
        {help.value && edit === undefined && <PayloadForm help={help.value} />}
        <CodeEditor
          label="What the sender posts"
          value={body}
          onChange={(text) => {
            draftBody.value = text;
          }}
          fields={edit === undefined ? help.value?.known : undefined}
        />
        <Preview body={body} />
      </div>
    </section>
  );
}

/** The result of ingest for the body, while it is being edited. */
function Preview({ body }: { readonly body: string }) {
  const [preview, setPreview] = useState<PreviewAnswer>();
  const settled = useSettled(body);
  const isGone = connection.value.state === 'gone';
  useEffect(() => {
    let isStale = false;
    if (settled === '' || isGone) {
      return;
    }
    void post<PreviewAnswer>('preview', { body: settled }).then((answer) => {
      if (!isStale) {
        setPreview(answer);
      }
    }, showError);
    return () => {
      isStale = true;
    };
  }, [settled, isGone]);
  if (!preview) {
    return <div class="quiet">Loading …</div>;
  }
  return (
    <div>
      {preview.mistake !== undefined && (
        <p class="error-text">
          Not JSON: <Untrusted text={preview.mistake} />
        </p>
      )}
      {preview.events.map(({ type, key, reason, issues, data, rules }) => (
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
          <Json value={data} label="Data" />
          <h3>Rules</h3>
          <Rules results={rules} />
        </div>
      ))}
      {preview.unknownFields.length > 0 && (
        <p class="quiet">
          Not known to the catalog, kept in raw only:{' '}
          <Untrusted text={preview.unknownFields.join(', ')} max={600} />
        </p>
      )}
    </div>
  );
}

/** Removes line breaks, which senders do not send. A body that is not JSON is sent unchanged. */
function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}
