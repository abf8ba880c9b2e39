import type { DraftAnswer } from '../../server/routes/types.ts';
import { draftBody } from '../model/store.ts';

/** Whether a form can edit a field. Lists and fields without a type can be edited as JSON only. */
const isSimple = ({ path, takes }: DraftAnswer['fields'][number]) =>
  !path.includes('[]') && !/object|list|anything/.test(takes);

/** A form for the payload, made from its schema, beside the JSON. */
export function PayloadForm({ help: { fields, variants } }: { readonly help: DraftAnswer }) {
  const body = read(draftBody.value);
  const simple = [...new Map(fields.filter(isSimple).map((each) => [each.path, each])).values()];
  const present = simple.filter(({ path }) => valueAt(body, path) !== undefined);
  const others = simple.filter((each) => !present.includes(each));
  const set = (path: string, value: unknown) => {
    draftBody.value = JSON.stringify(withValue(body, path, value), null, 2);
  };
  if (body === undefined) {
    return <p class="payload-form quiet">The form is here again when the text is JSON.</p>;
  }
  return (
    <div class="payload-form">
      <h3>Payload</h3>
      {variants.length > 0 && (
        <details>
          <summary>What differs by engine and sender</summary>
          {variants.map((variant) => (
            <p class="quiet" key={variant}>
              {variant}
            </p>
          ))}
        </details>
      )}
      {present.map(({ path, takes }) => (
        <Field
          path={path}
          takes={takes}
          value={valueAt(body, path)}
          onChange={(value) => set(path, value)}
          key={path}
        />
      ))}
      {others.length > 0 && (
        <label>
          Add a field
          <select
            value=""
            onChange={({ currentTarget }) => {
              const field = others.find(({ path }) => path === currentTarget.value);
              if (field) {
                set(field.path, firstValueOf(field.takes));
              }
            }}
          >
            <option value="">choose …</option>
            {others.map(({ path, takes }) => (
              <option value={path} key={path}>
                {path}: {takes}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/** The value of a field that is added. */
const firstValueOf = (takes: string) =>
  takes.includes('true or false') ? true : /^number\b/.test(takes) ? 0 : '';

interface FieldProps {
  readonly path: string;
  readonly takes: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function Field({ path, takes, value, onChange }: FieldProps) {
  if (typeof value === 'boolean') {
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
        {path}
      </label>
    );
  }
  const words = /^"/.test(takes)
    ? takes.split(' or ').map((word) => JSON.parse(word) as string)
    : [];
  const id = `words-${path}`;
  const isNumber = typeof value === 'number';
  return (
    <label>
      {path}
      <input
        type={isNumber ? 'number' : 'text'}
        step="any"
        value={String(value)}
        list={words.length > 0 ? id : undefined}
        title={takes}
        onInput={({ currentTarget: { value: text } }) => {
          // An emptied field is about to get another number.
          if (!isNumber || text !== '') {
            onChange(isNumber ? Number(text) : text);
          }
        }}
      />
      {words.length > 0 && (
        <datalist id={id}>
          {words.map((word) => (
            <option value={word} key={word} />
          ))}
        </datalist>
      )}
    </label>
  );
}

type Body = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body; undefined if it is not a JSON object. */
function read(text: string): Body | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function valueAt(body: Body | undefined, path: string): unknown {
  let here: unknown = body?.payload;
  for (const name of path.split('.')) {
    here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return typeof here === 'object' ? undefined : here;
}

function withValue(body: Body | undefined, path: string, value: unknown): Body {
  const write = (here: unknown, [name = '', ...rest]: readonly string[]): Body => {
    const known = isObject(here) ? here : {};
    return { ...known, [name]: rest.length === 0 ? value : write(known[name], rest) };
  };
  return write(body, ['payload', ...path.split('.')]);
}
