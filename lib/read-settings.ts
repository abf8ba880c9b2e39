import { BlockList, isIP } from 'node:net';
import * as v from 'valibot';
import { catalog } from '../events/catalog.ts';
import { readFilterRules } from '../events/filters/read-filter-rules.ts';
import { nearestName } from '../events/nearest-name.ts';
import { documentationOf, schemasFor, showGiven } from './schema.ts';
import { type Settings, SettingsError, settings } from './settings.ts';

/** The default description of where settings come from. */
const cdkContext = 'CDK context: "context" in cdk.json, or "-c name=value" on the command line';

/**
 * Reads the settings. An absent setting gets its default. Numbers may be given as text, as on the command
 * line.
 *
 * @param contextOf `app.node.tryGetContext`, or another source of values by name
 * @param origin where the values come from, for the error
 * @throws SettingsError if values are not allowed: one sentence for each, with the setting, the value and
 * what is allowed
 */
export function readSettings(
  contextOf: (name: string) => unknown,
  origin: string = cdkContext,
): Settings {
  const result = parse(contextOf);
  const wrong = wrongSettings(contextOf);
  if (wrong.length > 0 || !result.success) {
    throw new SettingsError(wrong, origin);
  }
  return result.output;
}

/**
 * Reads settings that code gives as an object, as {@link readSettings} reads CDK context.
 *
 * @param origin the prop that they are given in, for the error
 * @throws SettingsError if a name is unknown or a value is not allowed
 */
export function readGivenSettings(given: object, origin: string): Settings {
  const values: Readonly<Record<string, unknown>> = { ...given };
  const unknown = unknownNames(Object.keys(values), origin);
  if (unknown.length > 0) {
    throw new SettingsError([...unknown, ...wrongSettings((name) => values[name])]);
  }
  return readSettings((name) => values[name], origin);
}

/**
 * Returns a sentence for each name that is no setting, with the most similar setting.
 *
 * @param where where the names come from
 */
export function unknownNames(names: readonly string[], where: string): string[] {
  const known = Object.keys(settings);
  return names
    .filter((name) => !Object.hasOwn(settings, name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const advice = nearest
        ? `did you mean "${nearest}"?`
        : 'docs/settings.md names all that there are.';
      return `There is no setting "${name}" (${where}): ${advice}`;
    });
}

/**
 * Returns what is wrong with settings: one sentence for each wrong value.
 *
 * @param sourceOf returns the file that a setting comes from; undefined if it comes from the usual origin
 */
export function wrongSettings(
  contextOf: (name: string) => unknown,
  sourceOf: (name: string) => string | undefined = () => undefined,
): readonly string[] {
  const result = parse(contextOf);
  if (result.success) {
    return contradictionsIn(result.output);
  }
  const names = new Set(result.issues.map((issue) => String(v.getDotPath(issue))));
  return [...names].map((name) => {
    const source = sourceOf(name);
    const { allowed } = documentationOf(settings[name as keyof Settings]);
    return `The setting "${name}" is ${showGiven(contextOf(name))}${source === undefined ? '' : ` in ${source}`}, but must be ${allowed}.`;
  });
}

function parse(contextOf: (name: string) => unknown) {
  const given = Object.fromEntries(Object.keys(settings).map((name) => [name, contextOf(name)]));
  return v.safeParse(v.object(schemasFor(settings, given)), mapValues(given, toInput));
}

/** Converts a given value: null and the empty string mean absent, and numbers are read from text. */
function toInput(given: unknown, name: string): unknown {
  const isNumber = typeof settings[name as keyof Settings].default === 'number';
  if (isNumber && typeof given === 'string' && given.trim() !== '') {
    return Number(given);
  }
  return given ?? undefined;
}

const mapValues = <T>(
  values: Readonly<Record<string, T>>,
  change: (value: T, name: string) => unknown,
) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));

/** Returns contradictions between settings whose values are each allowed: one sentence for each. */
function contradictionsIn(read: Settings): readonly string[] {
  return [
    unknownTypes(read),
    wrongFilterRule(read),
    ...impossibleIngress(read),
    wrongNetwork(read),
    halfOfSlack(read),
    halfOfOtel(read),
  ].filter((sentence) => sentence !== undefined);
}

/** Checks the names in `deduplicate`: a misspelt event type would not be deduplicated, without an error. */
function unknownTypes({ deduplicate }: Settings): string | undefined {
  if (deduplicate === 'all' || deduplicate === 'none') {
    return undefined;
  }
  const unknown = deduplicate.split(',').filter((type) => !Object.hasOwn(catalog, type));
  if (unknown.length === 0) {
    return undefined;
  }
  return `The setting "deduplicate" names ${unknown.join(', ')}, which is not an event type. Known: ${Object.keys(catalog).join(', ')}.`;
}

/** Checks the rules in `filters`: a misspelt rule would drop nothing, without an error. */
function wrongFilterRule({ filters }: Settings): string | undefined {
  try {
    readFilterRules(filters);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function impossibleIngress(read: Settings): readonly (string | undefined)[] {
  const { ingress, domainName, certificateArn, truststoreUri } = read;
  const hasDomain = domainName !== 'none';
  return [
    hasDomain && ingress === 'function-url'
      ? 'The setting "domainName" needs an API, but "ingress" is function-url: choose http-api or rest-api, or remove the domain.'
      : undefined,
    hasDomain !== (certificateArn !== 'none')
      ? `The settings "domainName" (${domainName}) and "certificateArn" (${certificateArn}) belong together: set both, or neither.`
      : undefined,
    truststoreUri !== 'none' && !hasDomain
      ? `The setting "truststoreUri" is ${truststoreUri}, but client certificates can be required at a custom domain only: set "domainName" and "certificateArn" too.`
      : undefined,
  ];
}

function wrongNetwork({ allowedSources }: Settings): string | undefined {
  if (allowedSources === 'any') {
    return undefined;
  }
  const wrong = allowedSources.split(',').filter((network) => !isNetwork(network));
  if (wrong.length === 0) {
    return undefined;
  }
  return `The setting "allowedSources" names ${wrong.map((network) => `"${network}"`).join(', ')}: neither an address nor a CIDR range such as 203.0.113.0/24.`;
}

function isNetwork(network: string): boolean {
  const [address = '', prefix, more] = network.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) {
    return false;
  }
  if (prefix === undefined) {
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix)) {
    return false;
  }
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

function halfOfSlack({ alarmSlackWorkspace, alarmSlackChannel }: Settings): string | undefined {
  if ((alarmSlackWorkspace === 'none') === (alarmSlackChannel === 'none')) {
    return undefined;
  }
  return `The settings "alarmSlackWorkspace" (${alarmSlackWorkspace}) and "alarmSlackChannel" (${alarmSlackChannel}) belong together: set both, or neither.`;
}

function halfOfOtel({ tracing, otelLayerArn }: Settings): string | undefined {
  if ((tracing === 'otel') === (otelLayerArn !== 'none')) {
    return undefined;
  }
  return `The settings "tracing" (${tracing}) and "otelLayerArn" (${otelLayerArn}) contradict each other: the layer is required with "otel", and only allowed with it.`;
}
