import { useState } from 'preact/hooks';
import type { SendAnswer } from '../../server/routes/send.ts';
import type { Trace } from '../../server/trace/trace-event.ts';
import { post } from '../model/api.ts';
import { complain, draftBody, goTo, report } from '../model/store.ts';

/** What can be done with an event. */
export function EventActions({ trace }: { readonly trace: Trace }) {
  const [isBusy, setBusy] = useState(false);
  const { seq } = trace.summary;
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch(complain);
    setBusy(false);
  };
  const copy = async (path: 'curl' | 'test-case', what: string) => {
    const { text } = await post<{ readonly text: string }>(path, { seq });
    await navigator.clipboard.writeText(text);
    report(`Copied as ${what}.`);
  };
  if (!trace.canSendAgain) {
    return (
      <p class="quiet">
        {trace.isHidden
          ? 'To send it again or to copy it, show personal content.'
          : 'The full body of the webhook is not available, so it cannot be sent again.'}
      </p>
    );
  }
  return (
    <div class="actions">
      <button
        type="button"
        class="main"
        disabled={isBusy}
        onClick={() =>
          run(async () => {
            report(describeAnswer(await post<SendAnswer>('send-again', { seq })));
          })
        }
      >
        Send again
      </button>
      <button type="button" disabled={isBusy} onClick={() => run(() => copy('curl', 'curl'))}>
        Copy as curl
      </button>
      <button
        type="button"
        disabled={isBusy}
        onClick={() => run(() => copy('test-case', 'a test case'))}
      >
        Copy as test case
      </button>
      <button
        type="button"
        onClick={() => {
          draftBody.value = textOf(trace.raw);
          goTo('try');
        }}
      >
        Edit and send
      </button>
    </div>
  );
}

/** Describes the response of the endpoint. */
export function describeAnswer({ status, ms, body }: SendAnswer): string {
  const { id, duplicate } = (body ?? {}) as { id?: unknown; duplicate?: unknown };
  const time = `${Math.round(ms)} ms`;
  if (status === 202) {
    return `Answered 202 in ${time}: accepted as ${String(id ?? 'several events')}.`;
  }
  if (duplicate) {
    return `Answered ${status} in ${time}: duplicate of ${String(id)}; not published again.`;
  }
  return `Answered ${status} in ${time}: ${JSON.stringify(body)}`;
}

const textOf = (raw: unknown) => (typeof raw === 'string' ? raw : JSON.stringify(raw, null, 2));
