import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** A field of a schema. */
export interface KnownField {
  /** Names joined by dots; items of a list are `items[]`. */
  readonly path: string;
  /** The values that it accepts, in words: `text`, or quoted words with `or` between them. */
  readonly takes: string;
}

/** The options of an editor. */
export interface EditorOptions {
  /** A shadow root: the page's policy allows no style element, and a shadow root needs none. */
  readonly parent: ShadowRoot;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The fields that are offered for completion. */
  readonly fields: () => readonly KnownField[];
}

/** An editor that is open. */
export interface Editor {
  /** Replaces the text, unless it is the same. */
  set(value: string): void;
  /** Moves the focus into it, and selects this part of the text. */
  focus(from: number, to: number): void;
  /** Whether it can be edited. */
  enable(isEnabled: boolean): void;
  close(): void;
}

/** The page's own colours and sizes, light and dark. */
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--surface)', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-scroller': { font: 'var(--mono)', overflow: 'auto' },
  '.cm-gutters': {
    color: 'var(--quiet)',
    backgroundColor: 'var(--page)',
    borderRight: '1px solid var(--border)',
  },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--chosen) !important',
  },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--border)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--ink)',
    backgroundColor: 'var(--chosen)',
  },
  '.cm-completionDetail': { color: 'var(--quiet)' },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--blue)' },
  { tag: tags.string, color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
]);

/** Opens an editor for JSON, which marks errors and completes the names and values of the schema. */
export function openEditor({ parent, label, value, onChange, fields }: EditorOptions): Editor {
  let isOwnChange = false;
  const view = new EditorView({
    parent,
    root: parent,
    state: EditorState.create({
      doc: value,
      extensions: [
        lineNumbers(),
        history(),
        json(),
        linter(jsonParseLinter()),
        syntaxHighlighting(colours),
        autocompletion({ override: [(context) => complete(context, fields())], icons: false }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isOwnChange) {
            onChange(update.state.doc.toString());
          }
        }),
        theme,
      ],
    }),
  });
  return {
    set(text) {
      if (view.state.doc.toString() !== text) {
        isOwnChange = true;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        isOwnChange = false;
      }
    },
    focus(from, to) {
      const { length } = view.state.doc;
      view.dispatch({
        selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
      });
      view.focus();
    },
    enable(isEnabled) {
      view.contentDOM.contentEditable = String(isEnabled);
    },
    close: () => view.destroy(),
  };
}

/** Completes the name or the value where the cursor is. */
function complete(context: CompletionContext, fields: readonly KnownField[]) {
  const word = context.matchBefore(/"[^"\n]*|\w*/);
  if (!word || (word.from === word.to && !context.explicit)) {
    return null;
  }
  const { names, isValue } = placeOf(context);
  const path = names.join('.');
  const options = isValue
    ? fields
        .filter((field) => field.path.replaceAll('[]', '') === path)
        .flatMap(({ takes }) => wordsOf(takes))
    : childrenOf(fields, path);
  // The quote that closes the string is already there.
  const hasEnd = context.state.sliceDoc(context.pos, context.pos + 1) === '"';
  return {
    from: word.from,
    to: hasEnd ? context.pos + 1 : context.pos,
    options: options.map(({ label, detail }) => ({ label, detail })),
    filter: true,
  };
}

/** The names from the outermost object to the cursor, and whether a value is being written. */
function placeOf({ state, pos }: CompletionContext) {
  const names: string[] = [];
  let isValue = false;
  let node = syntaxTree(state).resolveInner(pos, -1);
  let isInner = true;
  for (;;) {
    if (node.name === 'Property') {
      const name = node.firstChild;
      const isInName = name !== null && pos <= name.to;
      if (name && !(isInner && isInName)) {
        names.unshift(state.sliceDoc(name.from + 1, name.to - 1));
        isValue ||= isInner;
      }
      isInner = false;
    } else if (node.name === 'Object') {
      isInner = false;
    }
    if (!node.parent) {
      return { names, isValue };
    }
    node = node.parent;
  }
}

interface Suggestion {
  readonly label: string;
  readonly detail?: string;
}

/** Fields directly below a path. */
function childrenOf(fields: readonly KnownField[], path: string): readonly Suggestion[] {
  const start = path === '' ? '' : `${path}.`;
  const found = new Map<string, string>();
  for (const field of fields) {
    const plain = field.path.replaceAll('[]', '');
    const rest = plain.startsWith(start) ? plain.slice(start.length) : '';
    const [name = '', ...deeper] = rest.split('.');
    if (name !== '' && (deeper.length === 0 || !found.has(name))) {
      found.set(name, deeper.length === 0 ? field.takes : 'object');
    }
  }
  return [...found].map(([name, detail]) => ({ label: JSON.stringify(name), detail }));
}

/** The values that a field accepts, if they are known. */
const wordsOf = (takes: string): readonly Suggestion[] =>
  takes === 'true or false'
    ? [{ label: 'true' }, { label: 'false' }]
    : takes.split(' or ').flatMap((word) => (word.startsWith('"') ? [{ label: word }] : []));
