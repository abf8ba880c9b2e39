import { NumberText, readEvent } from './field-value.ts';

type Step =
  | { readonly member: string }
  | { readonly index: number }
  /** `*`: every member or element. */
  | { readonly every: true };

/** A JSON path of the kind that EventBridge reads: `$.detail.items[0].name`, `$.detail['a b']`. */
export type JsonPath = readonly Step[];

const stepPattern = /\.\*|\[\*\]|\.([^.[\]'"*]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/** Reads a JSON path; undefined when it is not one. */
export function readJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) {
    return undefined;
  }
  const steps: Step[] = [];
  for (let at = 1; at < text.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const found = stepPattern.exec(text);
    if (!found) {
      return undefined;
    }
    const [, dotted, index, single, double] = found;
    const member = dotted ?? single ?? double;
    if (member !== undefined) {
      steps.push({ member });
    } else {
      steps.push(index === undefined ? { every: true } : { index: Number(index) });
    }
  }
  return steps;
}

/**
 * The value at a path of a parsed event; undefined when there is none. With a wildcard in the path
 * it is the list of all values found.
 */
export function valueAt(path: JsonPath, event: unknown): unknown {
  let values: unknown[] = [event];
  for (const step of path) {
    values = values.flatMap((value) => {
      if ('every' in step) {
        return isContainer(value) ? Object.values(value) : [];
      }
      if ('index' in step) {
        return Array.isArray(value) ? value.slice(step.index, step.index + 1) : [];
      }
      if (!isContainer(value) || Array.isArray(value) || !Object.hasOwn(value, step.member)) {
        return [];
      }
      return [(value as { [name: string]: unknown })[step.member]];
    });
  }
  return path.some((step) => 'every' in step) ? values : values[0];
}

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof NumberText);

/** Writes a value that was read with its numbers' text: as compact JSON, numbers as they were. */
export function printJson(value: unknown): string {
  if (value instanceof NumberText) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return `[${value.map(printJson)}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${printJson(item)}`)}}`;
  }
  return JSON.stringify(value ?? null);
}

/** A target's input settings, as in PutTargets. At most one of the three is set. */
export interface TargetInput {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?:
    | {
        readonly InputPathsMap?: { readonly [variable: string]: string } | undefined;
        readonly InputTemplate: string;
      }
    | undefined;
}

/** The values from which a target's input is made. */
export interface InputSource {
  /** The event's JSON. */
  readonly text: string;
  readonly ruleArn: string;
  readonly ruleName: string;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
}

/** The input that the target receives: the event, unless the target's settings define another. */
export function buildTargetInput(target: TargetInput, source: InputSource): string {
  if (target.Input !== undefined) {
    return target.Input;
  }
  if (target.InputPath !== undefined) {
    return printJson(valueAtPath(target.InputPath, readEvent(source.text, true)) ?? null);
  }
  if (target.InputTransformer) {
    return fillTemplate(
      target.InputTransformer.InputTemplate,
      templateValues(target.InputTransformer.InputPathsMap ?? {}, source),
    );
  }
  return source.text;
}

const valueAtPath = (path: string, event: unknown) => valueAt(readJsonPath(path) ?? [], event);

function templateValues(
  paths: { readonly [variable: string]: string },
  { text, ruleArn, ruleName, acceptedAt }: InputSource,
): ReadonlyMap<string, unknown> {
  const event = readEvent(text, true);
  const { detail: _, ...withoutDetail } = event as { detail?: unknown };
  const values = new Map<string, unknown>();
  for (const [name, path] of Object.entries(paths)) {
    const value = valueAtPath(path, event);
    if (value !== undefined) {
      values.set(name, value);
    }
  }
  // Reserved names come last, so that a path cannot replace their values.
  values.set('aws.events.rule-arn', ruleArn);
  values.set('aws.events.rule-name', ruleName);
  values.set('aws.events.event', withoutDetail);
  values.set('aws.events.event.json', event);
  values.set('aws.events.event.ingestion-time', isoSeconds(acceptedAt));
  return values;
}

/** A time as events carry it: `2026-01-31T23:59:59Z`. */
const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The values of a template's variables, by name. A variable without a value is not in the map. */
type TemplateValues = ReadonlyMap<string, unknown>;

/** The template is a JSON object, but with the event's values it is not valid JSON. */
export class InvalidTargetInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidTargetInput';
  }
}

/** `<name>`, as in templates. A name has no brackets and no line breaks. */
const placeholder = /<([^<>\n]{1,256})>/y;

/**
 * Fills an input template (User Guide, "Amazon EventBridge input transformation"). Outside of
 * quotation marks a variable becomes JSON: strings with quotation marks, objects as they are.
 * Inside them it becomes text, which EventBridge does not escape; an object loses its quotation
 * marks. A variable without a value is replaced by nothing.
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
      placeholder.lastIndex = at;
      const name = placeholder.exec(template)?.[1];
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
    if (character === '"') {
      isQuoted = !isQuoted;
    }
    filled += character;
  }
  return isJsonTemplate(template) ? minify(filled) : filled;
}

/** A template is either a JSON object or text, usually strings in quotation marks. */
export const isJsonTemplate = (template: string) => template.trimStart().startsWith('{');

function printUnquoted(value: unknown): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof NumberText) {
    return value.text;
  }
  return printJson(value).replaceAll('"', '');
}

/** Removes the whitespace between a JSON text's tokens; its numbers and strings stay as written. */
function minify(json: string): string {
  try {
    JSON.parse(json);
  } catch {
    throw new InvalidTargetInput('The transformed input is not valid JSON.');
  }
  return json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, (_, text?: string) => text ?? '');
}
