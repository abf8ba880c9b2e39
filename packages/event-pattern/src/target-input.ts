import { fillTemplate } from './input-transformer.ts';
import { printJson, readJsonPath, valueAt } from './json-path.ts';
import { readEvent } from './read-event.ts';

/** What a target asks to be given, as in PutTargets. At most one of the three is there. */
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

/** What a target's input can be made of. */
export interface InputSource {
  /** The event's JSON. */
  readonly text: string;
  readonly ruleArn: string;
  readonly ruleName: string;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
}

/** What the target is given: the event unless the target asks for something else. */
export function inputFor(target: TargetInput, source: InputSource): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined)
    return printJson(valueAtPath(target.InputPath, readEvent(source.text, true)) ?? null);
  if (target.InputTransformer)
    return fillTemplate(
      target.InputTransformer.InputTemplate,
      templateValues(target.InputTransformer.InputPathsMap ?? {}, source),
    );
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
    if (value !== undefined) values.set(name, value);
  }
  // Reserved names come last, so that none of them can be replaced.
  values.set('aws.events.rule-arn', ruleArn);
  values.set('aws.events.rule-name', ruleName);
  values.set('aws.events.event', withoutDetail);
  values.set('aws.events.event.json', event);
  values.set('aws.events.event.ingestion-time', isoSeconds(acceptedAt));
  return values;
}

/** A time as events carry it: `2026-01-31T23:59:59Z`. */
export const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
