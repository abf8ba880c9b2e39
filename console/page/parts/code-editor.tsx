interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Edits JSON. */
export function CodeEditor({ label, value, onChange }: CodeEditorProps) {
  return (
    <label class="wide">
      {label}
      <textarea
        class="code"
        rows={20}
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
