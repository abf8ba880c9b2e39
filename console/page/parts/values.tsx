import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { addressOf } from '../model/address.ts';
import {
  bytes,
  duration,
  inWords,
  type JsonLine,
  jsonLines,
  number,
  tame,
} from '../model/format.ts';
import { clock, now, report, showError } from '../model/store.ts';

/** Text that somebody else wrote: shown as text, kept from its surroundings. */
export function Untrusted({ text, max = 200 }: { readonly text: string; readonly max?: number }) {
  const shown = text.length > max ? `${text.slice(0, max)}…` : text;
  return <bdi class="untrusted">{tame(shown)}</bdi>;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const timeZone = clock.value === 'utc' ? 'UTC' : undefined;
  const name = JSON.stringify([options, timeZone]);
  const known = formats.get(name) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  formats.set(name, known);
  return known.format(at);
}

/** Name of the zone of all times: `UTC`, or the browser's. */
export const zone = () =>
  clock.value === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;

const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const second: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
};

/** The day of the present moment; changes at midnight in the zone that was chosen. */
const today = computed(() => format(new Date(now.value), day));

const minute: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };

interface TimeProps {
  /** Epoch milliseconds, or ISO-8601. What is neither shows nothing. */
  readonly at: unknown;
  /** To the millisecond. */
  readonly isExact?: boolean;
  /** Without the seconds on another day than today, for a column. */
  readonly isShort?: boolean;
}

/** A moment in the zone that was chosen; in full when pointed at. The day is left out where it is today. */
export function Time({ at, isExact = false, isShort = false }: TimeProps) {
  const date = new Date(typeof at === 'number' || typeof at === 'string' ? at : Number.NaN);
  if (Number.isNaN(date.getTime())) {
    return null;
  }
  const isToday = format(date, day) === today.value;
  const exact: Intl.DateTimeFormatOptions = { ...second, fractionalSecondDigits: 3 };
  const shown = format(date, isExact ? exact : isShort && !isToday ? minute : second);
  const full = `${format(date, day)}, ${format(date, exact)} ${zone()}`;
  return (
    <time dateTime={date.toISOString()} title={`${full} (${date.toISOString()})`}>
      {isToday ? shown : `${format(date, { day: 'numeric', month: 'short' })} ${shown}`}
    </time>
  );
}

/** Copies a text. */
export function copy(text: string, what: string): void {
  void navigator.clipboard.writeText(text).then(() => report(`Copied ${what}.`), showError);
}

/** A button that copies. */
export function CopyButton({ text, what }: { readonly text: () => string; readonly what: string }) {
  return (
    <button type="button" class="small" onClick={() => copy(text(), what)}>
      Copy<span class="hidden"> {what}</span>
    </button>
  );
}

interface PagesProps {
  /** What is listed: `messages`, for example. */
  readonly what: string;
  /** Where the page begins that is shown; undefined for the newest. */
  readonly before: string | undefined;
  /** Where the one after begins; undefined when there is none. */
  readonly next: string | undefined;
  readonly onGo: (before: string | undefined) => void;
}

/** Leads through a list that does not fit into one answer, the newest first. */
export function Pages({ what, before, next, onGo }: PagesProps) {
  return (
    <>
      {next !== undefined && (
        <button type="button" onClick={() => onGo(next)}>
          Earlier {what}
        </button>
      )}
      {before !== undefined && (
        <button type="button" onClick={() => onGo(undefined)}>
          Newest {what}
        </button>
      )}
    </>
  );
}

/** Text of a program, to be copied. */
export function Code({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div class="json-box">
      <CopyButton text={() => text} what={label} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="json" tabIndex={0} aria-label={label}>
        <pre>
          <Untrusted text={text} max={8_000} />
        </pre>
      </section>
    </div>
  );
}

/** A state, outcome or count in a few letters. `look` is a class of style.css. */
export function Chip({
  look = '',
  children,
}: {
  readonly look?: string;
  readonly children: ComponentChildren;
}) {
  return <span class={`chip ${look}`}>{children}</span>;
}

/** Characters that are shown before a person asks for all of them. */
const maxCharacters = 20_000;

interface JsonProps {
  readonly value: unknown;
  readonly label: string;
  /** What stands beside the line of a path: `changed`, for example. */
  readonly marks?: ReadonlyMap<string, string>;
  /** Whether a mark means that something is wrong. */
  readonly isBad?: boolean;
}

/** A value as JSON: text and nothing but text, cut where it is long, to be copied. */
export function Json({ value, label, marks, isBad = false }: JsonProps) {
  const [isComplete, setComplete] = useState(false);
  const lines = useMemo(() => jsonLines(value), [value]);
  const length = useMemo(() => lines.reduce((sum, { text }) => sum + text.length, 0), [lines]);
  if (value === undefined) {
    return <p class="quiet">There is none.</p>;
  }
  const shown = isComplete ? lines : cut(lines);
  return (
    <div class="json-box">
      <CopyButton text={() => JSON.stringify(value, null, 2)} what={label} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="json" tabIndex={0} aria-label={label}>
        <pre>
          {shown.map((line, index) => {
            const mark = line.path === undefined ? undefined : marks?.get(line.path);
            const look = isBad ? 'line fails' : 'line marked';
            return (
              <span key={index} class={mark ? look : 'line'}>
                {'  '.repeat(line.indent)}
                {line.name !== undefined && <b class="key">{line.name}: </b>}
                <span class={kindOf(line.text)}>{line.text}</span>
                {mark && <i class="mark"> ← {mark}</i>}
                {'\n'}
              </span>
            );
          })}
        </pre>
      </section>
      {length > maxCharacters && !isComplete && (
        <button type="button" onClick={() => setComplete(true)}>
          Show all {number(length)} characters
        </button>
      )}
    </div>
  );
}

function cut(lines: readonly JsonLine[]): readonly JsonLine[] {
  const shown: JsonLine[] = [];
  let remaining = maxCharacters;
  for (const line of lines) {
    if (remaining <= 0) {
      break;
    }
    const isLong = line.text.length > remaining;
    shown.push(isLong ? { ...line, text: `${line.text.slice(0, remaining)}…` } : line);
    remaining -= line.text.length;
  }
  return shown;
}

const kindOf = (text: string) =>
  text.startsWith('"') ? 'string' : /^[-\dtfn]/.test(text) ? 'literal' : '';

/** How the values of some fields are read. */
const readers: Readonly<Record<string, (value: number) => string>> = {
  bytes,
  seconds: (value) => duration(value * 1_000),
  expiresAfterSeconds: (value) => duration(value * 1_000),
};

const instant = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** Fields of an address of the catalog (events/address.ts). */
const addressFields: ReadonlySet<string> = new Set(['kind', 'id', 'phone', 'lid']);

/** A short object has no more fields than this, and no longer texts. */
const short = { fields: 4, characters: 60 } as const;

/** The id of an address of the catalog; undefined for anything else. */
function addressIn(value: object): string | undefined {
  const { id, kind } = value as Readonly<Record<string, unknown>>;
  const isAddress =
    kind !== undefined && Object.keys(value).every((name) => addressFields.has(name));
  return isAddress && typeof id === 'string' ? id : undefined;
}

/** An address, an amount or another short object in one line; undefined for anything else. */
function lineOf(value: object): string | undefined {
  const entries = Object.entries(value);
  const { id, phone, lid, amount, currency } = value as Readonly<Record<string, unknown>>;
  if (addressIn(value) !== undefined) {
    const all = [id, phone, lid === id ? undefined : lid];
    return all.filter((each) => typeof each === 'string').join(' · ');
  }
  if (typeof amount === 'string' && typeof currency === 'string' && entries.length === 2) {
    return `${amount} ${currency}`;
  }
  const isShort =
    entries.length <= short.fields &&
    entries.every(
      ([name, each]) =>
        (typeof each === 'string' && !instant.test(each)) ||
        typeof each === 'boolean' ||
        (typeof each === 'number' && !Object.hasOwn(readers, name)),
    );
  const line = entries.map(([name, each]) => `${inWords(name)} ${said(each)}`).join(', ');
  return isShort && line.length <= short.characters ? line : undefined;
}

const said = (value: unknown) => (value === true ? 'yes' : value === false ? 'no' : String(value));

/** Whether a value needs a line of its own. */
const isWide = (value: unknown) =>
  typeof value === 'string'
    ? value.length > 60
    : typeof value === 'object' && value !== null && lineOf(value) === undefined;

/** Whether a field has the id of a message; one of the catalog has its parts beside its bare id. */
const isMessageIdIn = (value: object, name: string) =>
  name === 'messageId' || (name === 'id' && Object.hasOwn(value, 'fromMe'));

/** Deeper values are shown as JSON. */
const maxDepth = 4;

/** The fields of a value as words, with all that it holds. Takes anything. */
export function Facts({
  value,
  name = '',
  depth = 0,
  isMessageId = name === 'messageId',
}: {
  readonly value: unknown;
  readonly name?: string;
  readonly depth?: number;
  /** Whether it is the id of a message on WhatsApp, by which its events are found. */
  readonly isMessageId?: boolean;
}) {
  if (typeof value === 'boolean') {
    return <>{said(value)}</>;
  }
  if (typeof value === 'number') {
    return <>{Object.hasOwn(readers, name) ? readers[name]?.(value) : String(value)}</>;
  }
  if (typeof value === 'string') {
    const text = <Untrusted text={value} max={4_000} />;
    return instant.test(value) ? (
      <Time at={value} />
    ) : isMessageId ? (
      <a href={addressOf.events({ text: value })}>{text}</a>
    ) : (
      text
    );
  }
  if (typeof value !== 'object' || value === null || depth >= maxDepth) {
    return <Untrusted text={JSON.stringify(value) ?? ''} max={400} />;
  }
  if (Array.isArray(value)) {
    return (
      <ul class="values">
        {value.slice(0, 100).map((each, index) => (
          <li key={index}>
            <Facts value={each} name={name} depth={depth + 1} />
          </li>
        ))}
      </ul>
    );
  }
  const line = lineOf(value);
  if (line !== undefined) {
    const text = <Untrusted text={line} max={200} />;
    const id = addressIn(value);
    return id === undefined ? text : <a href={addressOf.state('chats', id)}>{text}</a>;
  }
  return (
    <dl class="facts">
      {Object.entries(value)
        .slice(0, 100)
        .map(([key, each]) => (
          <div key={key} class={isWide(each) ? 'full' : ''}>
            <dt>
              <Untrusted text={inWords(key)} max={60} />
            </dt>
            <dd>
              <Facts
                value={each}
                name={key}
                depth={depth + 1}
                isMessageId={isMessageIdIn(value, key)}
              />
            </dd>
          </div>
        ))}
    </dl>
  );
}
