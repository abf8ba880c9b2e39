import { readFileSync } from 'node:fs';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, connect } from '../aws/connect.ts';
import { explainError } from '../aws/explain-error.ts';
import { findOnlyStack } from '../aws/find-pipeline.ts';
import type { CostOptions } from './cost.ts';
import { readTemplate, type TemplateJson } from './template-json.ts';

/** A template, and where it comes from in words. */
export interface FoundTemplate {
  readonly template: TemplateJson;
  readonly source: string;
}

/**
 * The template that is asked about: of a file, of a deployed stack, or of this project's app.
 *
 * @throws when two of them are asked for, or the one cannot be read
 */
export async function findTemplate(options: CostOptions): Promise<FoundTemplate> {
  const { template: file, context = [], stack, endpoint } = options;
  const isDeployed = stack !== undefined || endpoint !== undefined;
  if ([file !== undefined, isDeployed, context.length > 0].filter(Boolean).length > 1) {
    throw new Error(
      'Give one of --template, --stack (or --endpoint) and --context: a template has its settings in it.',
    );
  }
  if (file !== undefined) return { template: readTemplate(readFile(file), file), source: file };
  if (isDeployed) return findDeployed(options);
  // Loaded late: the CDK is large, and the other two do without.
  const { templateOf } = await import('../../lib/template-of.ts');
  const settings = context.map((pair) => pair.join('=')).join(' ');
  const template = templateOf(Object.fromEntries(context)) as TemplateJson;
  return { template, source: `this project’s app${settings === '' ? '' : ` with ${settings}`}` };
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`The template ${file} cannot be read. Make it: npx cdk synth`, {
      cause: error,
    });
  }
}

async function findDeployed(options: CostOptions): Promise<FoundTemplate> {
  const access = connect(options);
  try {
    const name = access.stack ?? (await findOnlyStack(access));
    return { template: await getTemplate(access, name), source: `the stack ${name}` };
  } catch (error) {
    throw explainError(error);
  } finally {
    access.close();
  }
}

async function getTemplate(
  { cloudFormation }: AwsAccess,
  StackName: string,
): Promise<TemplateJson> {
  // Processed: with what transforms have made of it.
  const { TemplateBody = '' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName, TemplateStage: 'Processed' }),
  );
  return readTemplate(TemplateBody, `The template of ${StackName}`);
}
