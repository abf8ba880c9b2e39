import { useMemo, useState } from 'preact/hooks';
import { clockAhead } from '../model/store.ts';

/** Characters that turn the direction of the text around them, or pretend to. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g;

const name = (character: string) =>
  `[U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`;

/** Untrusted text. Characters that would change the direction of surrounding text are shown by name. */
export const tame = (text: string) => text.replace(turns, name);

/** Text that somebody else wrote: shown as text, kept from its surroundings. */
export function Untrusted({ text, max = 200 }: { readonly text: string; readonly max?: number }) {
  const shown = text.length > max ? `${text.slice(0, max)}…` : text;
  return <bdi class="untrusted">{tame(shown)}</bdi>;
}

/** A moment, to the millisecond, in the reader's own time zone. */
export const clockTime = (at: number) =>
  `${new Date(at).toLocaleTimeString('en-GB')}.${String(Math.floor(at) % 1_000).padStart(3, '0')}`;

/** How long ago, in the largest unit that says it. */
export function age(since: number, now = Date.now() + clockAhead.value): string {
  const seconds = Math.max(0, (now - since) / 1_000);
  if (seconds < 60) {
    return `${Math.floor(seconds)} s`;
  }
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3_600)} h`;
  }
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A duration between two steps. */
export const took = (ms: number) =>
  ms < 1_000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : age(0, ms);

/** Characters that are shown before a person asks for all of them. */
const max = 20_000;

/** Invisible characters and those that turn text around; as JSON escapes they mean the same. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const escapeUnseen = (text: string) =>
  text.replace(unseen, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A value as JSON: text and nothing but text, cut where it is long. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const [isComplete, setFull] = useState(false);
  const text = useMemo(() => escapeUnseen(JSON.stringify(value, null, 2) ?? ''), [value]);
  if (value === undefined) {
    return <p class="quiet">There is none.</p>;
  }
  const isCut = text.length > max && !isComplete;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="json" tabIndex={0} aria-label={label}>
        <pre>{isCut ? `${text.slice(0, max)}…` : text}</pre>
      </section>
      {isCut && (
        <button type="button" onClick={() => setFull(true)}>
          Show all {text.length.toLocaleString('en')} characters
        </button>
      )}
    </>
  );
}
