import { NumberText } from './field-value.ts';
import { printJson } from './json-path.ts';

/** The values of a template's variables by name. A variable without a value is not in it. */
export type TemplateValues = ReadonlyMap<string, unknown>;

/** A template that must give JSON gives none with this event's values. */
export class InvalidTargetInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidTargetInput';
  }
}

/** `<name>`, as in templates. A name has no brackets and no line breaks. */
const PLACEHOLDER = /<([^<>\n]{1,256})>/y;

/**
 * Fills an input template (User Guide, "Amazon EventBridge input transformation"). Outside of
 * quotation marks a variable becomes JSON: strings with quotation marks, objects as they are.
 * Inside them it becomes text, which EventBridge does not escape; an object loses its quotation
 * marks. A variable without a value leaves nothing.
 *
 * A template that is a JSON object must still be JSON when it is filled, and is minified; otherwise
 * this throws {@link InvalidTargetInput}.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  let filled = '';
  let isQuoted = false;
  for (let at = 0; at < template.length; at += 1) {
    const character = template.charAt(at);
    if (character === '<') {
      PLACEHOLDER.lastIndex = at;
      const name = PLACEHOLDER.exec(template)?.[1];
      if (name !== undefined) {
        const value = values.get(name);
        filled += isQuoted ? printUnquoted(value) : value === undefined ? '' : printJson(value);
        at += name.length + 1;
        continue;
      }
    }
    if (character === '\\') {
      filled += character + template.charAt(at + 1);
      at += 1;
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    filled += character;
  }
  return isJsonTemplate(template) ? minify(filled) : filled;
}

/** A template is either a JSON object or text, usually strings in quotation marks. */
export const isJsonTemplate = (template: string) => template.trimStart().startsWith('{');

function printUnquoted(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof NumberText) return value.text;
  return printJson(value).replaceAll('"', '');
}

/** Removes the whitespace between a JSON text's tokens; its numbers and strings stay as written. */
export function minify(json: string): string {
  try {
    JSON.parse(json);
  } catch {
    throw new InvalidTargetInput('The transformed input is not valid JSON.');
  }
  return json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, (_, text?: string) => text ?? '');
}
