import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { readAssembly, synthesize } from '@event-fanout/local-aws/assembly';
import { canonicalJson } from '../../events/json.ts';
import { stackNameOf } from '../../events/names.ts';
import { own, ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { HandlerBuilds, localAssembly } from '../handler-builds.ts';
import type { Finding } from './finding.ts';

/** What a deployment is compared with. */
interface DriftSettings {
  /** The directory of the app. */
  readonly root: string;
  /** CDK context that it was deployed with. */
  readonly context: Readonly<Record<string, string | number>>;
  /** Ends the synthesis. */
  readonly signal?: AbortSignal | undefined;
}

/** Checks the stack's status, and what deploying the app in this directory would change. */
export async function checkDeployment(
  { cloudFormation }: Pick<AwsAccess, 'cloudFormation'>,
  stackName: string,
  drift: DriftSettings | undefined,
): Promise<readonly Finding[]> {
  const { Stacks: [stack] = [] } = await cloudFormation.send(
    new DescribeStacksCommand({ StackName: stackName }),
  );
  const findings = [standing(stackName, stack)];
  if (!drift) {
    return findings;
  }
  const { TemplateBody = '{}' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }),
  );
  return [
    ...findings,
    driftFinding(
      stackName,
      JSON.parse(TemplateBody),
      await templateOf(stackName, drift, isLocalRun(stack)),
    ),
  ];
}

/** A local run names itself in the id of its stacks. */
const isLocalRun = (stack: Stack | undefined) => stack?.StackId?.endsWith('/local') === true;

function standing(name: string, stack: Stack | undefined): Finding {
  const state = stack?.StackStatus ?? 'unknown';
  const about = 'deployment';
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(state)) {
    return { level: 'ok', about, what: `The stack ${name} is ${state}.` };
  }
  if (/IN_PROGRESS$/.test(state)) {
    return { level: 'note', about, what: `The stack ${name} is ${state}: check again later.` };
  }
  return {
    ...{ level: 'error', about, what: `The stack ${name} is ${state}.` },
    why: 'The last deployment failed: the previous version runs, or a part of the new one.',
    todo: `aws cloudformation describe-stack-events --stack-name ${name}`,
  };
}

/**
 * The template that the app in this directory synthesizes for the stack; undefined if it has no such stack. Its
 * assembly is at the same depth as the deployed one, which is in the project: see {@link localAssembly}.
 */
async function templateOf(
  stackName: string,
  { root, context, signal }: DriftSettings,
  isLocal: boolean,
): Promise<unknown> {
  const folder = mkdtempSync(join(isLocal ? tmpdir() : root, 'cdk.out.doctor-'));
  const assembly = isLocal ? localAssembly(folder) : folder;
  try {
    const prefix = stackNameOf('');
    const stage = stackName.startsWith(prefix) ? stackName.slice(prefix.length) : '';
    const settings = { ...(stage !== '' && { stage }), ...context };
    if (isLocal) {
      await new HandlerBuilds(root, assembly).synthesize(settings, signal);
    } else {
      await synthesize(root, assembly, settings, { ...(signal && { signal }) });
    }
    return readAssembly(assembly).find(({ name }) => name === stackName)?.template;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function driftFinding(stackName: string, deployed: unknown, wanted: unknown): Finding {
  const about = 'drift';
  if (wanted === undefined) {
    return {
      level: 'note',
      about,
      what: `The app in this directory has no stack ${stackName} to compare with.`,
    };
  }
  const difference = compareTemplates(deployed, wanted);
  const parts = inWords(difference);
  if (parts.length === 0) {
    return {
      level: 'ok',
      about,
      what: 'The deployed template is the one that the app in this directory synthesizes.',
    };
  }
  return {
    ...{ level: 'warning', about, what: `A deployment would change it: ${parts.join('; ')}` },
    why: 'The source in this directory is not what runs.',
    todo: 'npx cdk diff, then npx cdk deploy; for a local run: restart it. Settings of the deployment: --context name=value.',
  };
}

/** Maximum number of names that a line shows of each list. */
const maxNames = 4;

const inWords = (difference: TemplateDifference) =>
  Object.entries(difference).flatMap(([how, names]: [string, readonly string[]]) => {
    if (names.length === 0) {
      return [];
    }
    const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
    return [`${names.length} ${how}: ${names.slice(0, maxNames).join(', ')}${more}`];
  });

/** How two templates differ, by logical ids with their types. */
interface TemplateDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** The CDK's own usage metadata, which does not affect what runs. */
const analytics = 'AWS::CDK::Metadata';

/** What a deployment of `wanted` would change in what was deployed as `deployed`. */
export function compareTemplates(deployed: unknown, wanted: unknown): TemplateDifference {
  const [before, after] = [resourcesOf(deployed), resourcesOf(wanted)];
  return {
    added: [...after].filter(([id]) => !before.has(id)).map(nameOf),
    removed: [...before].filter(([id]) => !after.has(id)).map(nameOf),
    changed: [...after]
      .filter(([id, resource]) => {
        const earlier = before.get(id);
        return earlier !== undefined && essence(earlier) !== essence(resource);
      })
      .map(nameOf),
  };
}

function resourcesOf(template: unknown): ReadonlyMap<string, unknown> {
  const resources = Object.entries((own(template, 'Resources') ?? {}) as Record<string, unknown>);
  return new Map(resources.filter(([, resource]) => own(resource, 'Type') !== analytics));
}

/** A resource without its metadata, which does not affect what runs. */
function essence(resource: unknown): string {
  const { Metadata: _, ...rest } = resource as Record<string, unknown>;
  return canonicalJson(rest);
}

const nameOf = ([id, resource]: readonly [string, unknown]) =>
  `${id} (${ownText(resource, 'Type') ?? '?'})`;
