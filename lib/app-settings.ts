import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { IConstruct } from 'constructs';
import { readSettings, unknownNames, wrongSettings } from './read-settings.ts';
import { show } from './schema.ts';
import { type Settings, SettingsError, settings } from './settings.ts';

/** The folder with one settings file for each stage, beside `cdk.json`. */
const stagesFolder = 'stages';

/** Context names of the AWS CDK CLI without a prefix. All its other names contain `:`, `/` or `@`. */
const cdkContext = ['acknowledged-issue-numbers', 'cdk-migrate', 'cli-telemetry'];

/**
 * Reads the settings of a stage: from CDK context ("context" in cdk.json, `-c name=value`), and from the
 * stage's own file, `stages/<stage>.json`, if there is one. Context takes precedence over the file.
 *
 * @param app the CDK app, whose context it is
 * @param folder the folder with `cdk.json` and `stages`; undefined to read context only
 * @throws SettingsError with one sentence for each error: an unknown name, a value that is not allowed, or
 * settings that contradict each other
 */
export function readAppSettings(app: IConstruct, folder: string | undefined): Settings {
  const context = contextOf(app);
  const unknown = unknownNames(Object.keys(context).filter(isOwnName), 'CDK context');
  const file = folder === undefined ? undefined : readStageFile(folder, stageOf(context));
  const project = folder === undefined ? {} : contextInProject(folder);
  const wrong = [...unknown, ...(file?.wrong ?? [])];
  for (const name of Object.keys(file?.given ?? {})) {
    // Context takes precedence. On the command line that is intended; in cdk.json it would hide the file's
    // value.
    if (name in project) {
      wrong.push(`The setting "${name}" is both in cdk.json and in ${file?.path}: keep one.`);
    }
  }
  const given: Readonly<Record<string, unknown>> = { ...file?.given, ...context };
  const origin = `CDK context: "context" in cdk.json, or "-c name=value" on the command line; and ${
    file ? file.path : `from ${stagesFolder}/<stage>.json, which this stage does not have`
  }`;
  const sourceOf = (name: string) =>
    file && name in file.given && !(name in context) ? file.path : undefined;
  wrong.push(...wrongSettings((name) => given[name], sourceOf));
  if (wrong.length > 0) {
    throw new SettingsError(wrong, origin);
  }
  return readSettings((name) => given[name], origin);
}

function contextOf(app: IConstruct): Readonly<Record<string, unknown>> {
  return (app.node.getAllContext() ?? {}) as Record<string, unknown>;
}

/** Whether a context name is one of ours, and not of the CDK or another library. */
const isOwnName = (name: string) => !/[:/@]/.test(name) && !cdkContext.includes(name);

/**
 * The stage whose file is read. For an invalid stage this is the default; the stage is reported with the
 * other wrong settings.
 */
function stageOf({ stage }: Readonly<Record<string, unknown>>): string {
  return typeof stage === 'string' && /^[a-z0-9-]+$/.test(stage) ? stage : settings.stage.default;
}

interface StageFile {
  /** Path of the file, relative to the working directory. */
  readonly path: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly wrong: readonly string[];
}

function readStageFile(folder: string, stage: string): StageFile | undefined {
  const file = join(folder, stagesFolder, `${stage}.json`);
  if (!existsSync(file)) {
    return undefined;
  }
  const path = relative('.', file);
  const value = readJsonObject(file, path);
  const { $schema: _, ...given } = value;
  const names = Object.keys(given).filter((name) => name !== 'stage');
  const wrong = unknownNames(names, path);
  if ('stage' in given && given.stage !== stage) {
    wrong.push(
      `${path} has the stage ${show(given.stage)}, but a file is for the stage of its name.`,
    );
  }
  return { path, given, wrong };
}

function readJsonObject(file: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingsError([`${path} is not JSON: ${(error as Error).message}.`]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SettingsError([`${path} must hold an object with settings, { "name": value }.`]);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** The context in `cdk.json`. Empty if there is no such file. */
function contextInProject(folder: string): object {
  const file = join(folder, 'cdk.json');
  if (!existsSync(file)) {
    return {};
  }
  const { context } = readJsonObject(file, relative('.', file));
  return typeof context === 'object' && context !== null ? context : {};
}
