import { useMemo, useState } from 'preact/hooks';

/** Characters that are shown before a person asks for all of them. */
const most = 20_000;

/** Invisible characters and those that turn text around; as JSON escapes they mean the same. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const escapeUnseen = (text: string) =>
  text.replace(unseen, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A value as JSON: text and nothing but text, cut where it is long. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const [isWhole, setWhole] = useState(false);
  const text = useMemo(() => escapeUnseen(JSON.stringify(value, null, 2) ?? ''), [value]);
  if (value === undefined) return <p class="quiet">There is none.</p>;
  const isCut = text.length > most && !isWhole;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="json" tabIndex={0} aria-label={label}>
        <pre>{isCut ? `${text.slice(0, most)}…` : text}</pre>
      </section>
      {isCut && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en')} characters
        </button>
      )}
    </>
  );
}
