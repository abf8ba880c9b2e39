import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

interface TextFieldProps {
  readonly label: ComponentChildren;
  readonly class?: string;
  readonly type?: 'search' | 'text';
  readonly hint: string;
  /** The id of a `datalist` with suggestions. */
  readonly list?: string;
  /** What the address has; undefined is the same as an empty text. */
  readonly value: string | undefined;
  /** How long typing must pause before `onChange` is called, in milliseconds. Default: until Enter is pressed or the field is left. */
  readonly pauseMs?: number;
  readonly onChange: (text: string) => void;
}

/**
 * A text field whose content goes into the address.
 * Only an address that does not come from the field replaces its content: neither a render
 * nor the address of what was typed a moment ago may take away what has been typed since.
 */
export function TextField(props: TextFieldProps) {
  const { label, type = 'text', hint, list, value = '', pauseMs } = props;
  const field = useRef<HTMLInputElement>(null);
  const reported = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onChange = useRef(props.onChange);
  onChange.current = props.onChange;
  useLayoutEffect(() => {
    if (field.current && value !== reported.current) {
      clearTimeout(timer.current);
      reported.current = value;
      field.current.value = value;
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const report = () => {
    clearTimeout(timer.current);
    // A field that is removed while it has the focus is changed for the browser.
    const typed = field.current?.value ?? reported.current;
    if (typed !== reported.current) {
      reported.current = typed;
      onChange.current(typed);
    }
  };
  return (
    <label class={props.class}>
      {label}
      <input
        ref={field}
        type={type}
        list={list}
        placeholder={hint}
        defaultValue={value}
        onInput={() => {
          if (pauseMs !== undefined) {
            clearTimeout(timer.current);
            timer.current = setTimeout(report, pauseMs);
          }
        }}
        onChange={report}
      />
    </label>
  );
}
