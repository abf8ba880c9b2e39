import { type LocalRun, type LocalRunOptions, startLocalRun } from '@event-fanout/local-aws';
import { assembleProject } from './assembly.ts';
import { secretEnvironment } from './secrets.ts';

/** What a test changes of the run: options of the local run, and settings of the pipeline (CDK context). */
interface ProjectOptions extends Omit<LocalRunOptions, 'assembly'> {
  /** @default - the default of each setting */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Starts this project's pipeline on free ports, with the secret of tests. */
export const startProject = async ({
  context,
  ...options
}: ProjectOptions = {}): Promise<LocalRun> =>
  startLocalRun({
    assembly: await assembleProject(context),
    ingressPort: 0,
    awsPort: 0,
    environment: secretEnvironment,
    ...options,
  });

/** URL that senders post webhooks to. */
export const webhookUrlOf = ({ ingresses }: LocalRun): string =>
  `${[...ingresses.values()][0]}/webhooks`;
