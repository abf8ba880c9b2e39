/** What is at most this wide stays on one line, so that an example does not fill the page. */
const widest = 100;

/** JSON for people: small objects and lists on one line, large ones on many. */
export function formatJson(value: unknown, indent = ''): string {
  const line = onOneLine(value);
  if (!isNested(value) || indent.length + line.length <= widest) return line;
  const deeper = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => `${deeper}${formatJson(item, deeper)}`)
    : fieldsOf(value).map(([name, item]) => `${deeper}${name}: ${formatJson(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${items.join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isNested(value)) return JSON.stringify(value);
  const fields = fieldsOf(value).map(([name, item]) => `${name}: ${onOneLine(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** The fields that JSON has, with their names in quotes. */
function fieldsOf(value: object): [name: string, item: unknown][] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => [JSON.stringify(name), item]);
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
