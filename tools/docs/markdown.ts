import { pattern } from '../../events/pattern.ts';
import { settings } from '../../lib/settings.ts';

/**
 * A Markdown table. A `|` in a cell is escaped: GitHub ends the cell at it even inside of code. So is a `<` that
 * begins no tag of those used here: `<stage>` would be taken for HTML and not be shown.
 */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => escapeTags(cell).replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Escapes the `<` of everything that is neither code nor one of the tags that documents are made with. */
function escapeTags(cell: string): string {
  return cell.replaceAll(
    /(`[^`]*`)|<(?!(?:br>|a |\/a>|code>|\/code>))/g,
    (_, code) => code ?? '&lt;',
  );
}

/** A fenced block of code. */
export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/**
 * The anchor that GitHub gives a heading: lower case, hyphens for spaces, and nothing but letters,
 * digits, hyphens and underscores (GitHub Docs, "Basic writing and formatting syntax", section links).
 */
export function headingAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Maximum width of JSON on one line, so that an example does not fill the page. */
const widest = 100;

/** JSON for people: small objects and lists on one line, large ones on many. */
export function formatJson(value: unknown, indent = ''): string {
  const line = onOneLine(value);
  if (!isNested(value) || indent.length + line.length <= widest) {
    return line;
  }
  const deeper = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => `${deeper}${formatJson(item, deeper)}`)
    : fieldsOf(value).map(([name, item]) => `${deeper}${name}: ${formatJson(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${items.join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(onOneLine).join(', ')}]`;
  }
  if (!isNested(value)) {
    return JSON.stringify(value);
  }
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

/** Name of the bus of a stack that was deployed without settings, and of the local run. */
export const busName = `whatsapp-${settings.stage.default}`;

type Pattern = ReturnType<typeof pattern>;
type AnyType = NonNullable<Parameters<typeof pattern>[0]['type']>;

/** The event pattern that matches one event type. */
export function eventTypePattern(type: string): Pattern {
  return pattern({ type: type as AnyType });
}

/** The command that makes a rule of a pattern. */
export function putRuleCommand(name: string, eventPattern: Pattern): string {
  return [
    `aws events put-rule --event-bus-name ${busName} --name ${name} \\`,
    `  --event-pattern '${JSON.stringify(eventPattern)}'`,
  ].join('\n');
}
