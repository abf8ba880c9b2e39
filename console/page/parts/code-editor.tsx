import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Editor, KnownField, openEditor } from '../editor.ts';
import { base } from '../model/address.ts';
import { connection } from '../model/store.ts';
import { CopyButton } from './values.tsx';

interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The fields that are offered for completion. @default - none */
  readonly fields?: readonly KnownField[];
}

/** The editor is a separate file, which is loaded when the first text is edited. */
const load = () =>
  import(`${base}/editor.js`) as Promise<{ readonly openEditor: typeof openEditor }>;

/** Maximum number of texts that are remembered: more than are typed between two renderings. */
const maxReported = 50;

/** A text field for JSON. It has highlighting, errors and completion once the editor is loaded. */
export function CodeEditor({ label, value, onChange, fields = [] }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  /** The selection in the plain text field when the editor replaces it; undefined without the focus. */
  const selection = useRef<readonly [from: number, to: number]>(undefined);
  const editor = useRef<Editor | undefined>(undefined);
  const [isOpen, setOpen] = useState(false);
  const latest = useRef({ value, onChange, fields });
  /** Texts that the editor has reported. While somebody types, they come back a little later. */
  const reported = useRef<string[]>([]);
  latest.current = { value, onChange, fields };
  const isGone = connection.value.state === 'gone';
  useEffect(() => {
    let isClosed = false;
    void load().then(
      (module) => {
        if (isClosed || !host.current) {
          return;
        }
        editor.current = module.openEditor({
          parent: host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' }),
          label,
          value: latest.current.value,
          onChange: (text) => {
            reported.current = [...reported.current, text].slice(-maxReported);
            latest.current.onChange(text);
          },
          fields: () => latest.current.fields,
        });
        const { current } = field;
        if (current && current === document.activeElement) {
          selection.current = [current.selectionStart, current.selectionEnd];
        }
        setOpen(true);
      },
      () => {
        // The plain text field works without the editor.
      },
    );
    return () => {
      isClosed = true;
      editor.current?.close();
    };
  }, []);
  useLayoutEffect(() => {
    const at = reported.current.lastIndexOf(value);
    // What was reported before it does not come back any more.
    reported.current = at < 0 ? [] : reported.current.slice(at + 1);
    if (at < 0) {
      editor.current?.set(value);
    }
  }, [value, isOpen]);
  useEffect(() => editor.current?.enable(!isGone), [isGone, isOpen]);
  // In the same task in which the text field goes: no key that is pressed is lost.
  useLayoutEffect(() => {
    if (isOpen && selection.current) {
      editor.current?.focus(...selection.current);
    }
  }, [isOpen]);
  return (
    <div class="wide">
      <div class="editor-head">
        <span aria-hidden="true">{label}</span>
        <CopyButton text={() => value} what={label} />
      </div>
      <div ref={host} class="editor" hidden={!isOpen} />
      {!isOpen && (
        <textarea
          ref={field}
          class="code"
          aria-label={label}
          rows={20}
          spellcheck={false}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </div>
  );
}
