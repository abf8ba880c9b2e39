import { type AccountRule, each, of, repeated, shaped, within } from './rule.ts';

const lambda = 'AWS::Lambda::Function';
const mapping = 'AWS::Lambda::EventSourceMapping';
const quotas = 'Lambda Developer Guide, "Lambda quotas"';
const api = (action: string) => `Lambda API Reference, "${action}"`;

const variables = (environment: { readonly Variables?: Readonly<Record<string, unknown>> } = {}) =>
  Object.entries(environment.Variables ?? {});

/** Set by Lambda itself; a function that sets one cannot be created. A function may name its own wrapper script. */
const reserved =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(?!EXEC_WRAPPER$).*|AWS_ACCESS_KEY.*|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;

/** Rules on functions, their roles and what calls them. */
export const functionRules: readonly AccountRule[] = [
  each(
    lambda,
    'a name has 1 to 64 letters, digits, - and _',
    api('CreateFunction'),
    ({ FunctionName: name }) => shaped(name, /^[\w-]{1,64}$/),
    { FunctionName: 'x'.repeat(65) },
  ),
  each(
    lambda,
    'a description has 256 characters at most',
    api('CreateFunction'),
    ({ Description = '' }) => Description.length <= 256,
    { Description: 'x'.repeat(257) },
  ),
  each(lambda, 'has 1 to 900 seconds', quotas, ({ Timeout }) => within(Timeout, 1, 900), {
    Timeout: 901,
  }),
  each(
    lambda,
    'has 128 to 10,240 MB',
    quotas,
    ({ MemorySize }) => within(MemorySize, 128, 10_240),
    { MemorySize: 64 },
  ),
  each(
    lambda,
    'its environment variables have 4 KB together',
    quotas,
    ({ Environment }) =>
      variables(Environment).reduce(
        (sum, [name, value]) => sum + name.length + String(value).length,
        0,
      ) <= 4_096,
    { Environment: { Variables: { A: 'x'.repeat(4_096) } } },
  ),
  each(
    lambda,
    'sets no variable of Lambda’s own',
    'Lambda Developer Guide, "Using Lambda environment variables", Reserved environment variables',
    ({ Environment }) => variables(Environment).every(([name]) => !reserved.test(name)),
    { Environment: { Variables: { AWS_REGION: 'x' } } },
  ),
  each(
    lambda,
    'a variable begins with a letter, and has two letters, digits or _ at least',
    api('Environment'),
    ({ Environment }) => variables(Environment).every(([name]) => /^[a-zA-Z]\w+$/.test(name)),
    { Environment: { Variables: { '1A': 'x' } } },
  ),
  each(
    lambda,
    'names a log level only with the format JSON',
    api('LoggingConfig'),
    ({
      LoggingConfig: { LogFormat, ApplicationLogLevel, SystemLogLevel } = {} as Record<
        string,
        string
      >,
    }) => LogFormat === 'JSON' || !(ApplicationLogLevel || SystemLogLevel),
    { LoggingConfig: { ApplicationLogLevel: 'WARN' } },
  ),
  each(
    lambda,
    'runs on a runtime that functions may be created with',
    'Lambda Developer Guide, "Lambda runtimes", Supported runtimes',
    ({ Runtime }) => !Runtime || /^nodejs(22|24)\.x$/.test(Runtime),
    { Runtime: 'nodejs18.x' },
  ),
  each(
    mapping,
    'more than ten messages need a batch window',
    'Lambda API Reference, "CreateEventSourceMapping", BatchSize',
    ({ BatchSize = 10, MaximumBatchingWindowInSeconds: window = 0 }) =>
      within(BatchSize, 1, 10_000) && (BatchSize <= 10 || window > 0),
    { BatchSize: 100 },
  ),
  each(
    mapping,
    'a batch waits 300 seconds at most',
    'Lambda API Reference, "CreateEventSourceMapping", MaximumBatchingWindowInSeconds',
    ({ MaximumBatchingWindowInSeconds: window }) => within(window, 0, 300),
    { MaximumBatchingWindowInSeconds: 301 },
  ),
  each(
    mapping,
    'has 2 to 1,000 batches at once, where it is limited, and then no provisioned pollers',
    api('ScalingConfig'),
    ({ ScalingConfig: scaling, ProvisionedPollerConfig: pollers }) =>
      within(scaling?.MaximumConcurrency, 2, 1_000) && !(scaling?.MaximumConcurrency && pollers),
    { ScalingConfig: { MaximumConcurrency: 1 } },
  ),
  each(
    mapping,
    'reports which messages of a batch failed, or the others are processed again',
    'Lambda Developer Guide, "Implementing partial batch responses"',
    ({ FunctionResponseTypes: types = [] }) => types.includes('ReportBatchItemFailures'),
    {},
  ),
  {
    name: 'a mapping exists once for a queue and a function',
    source: 'Lambda API Reference, "CreateEventSourceMapping", ResourceConflictException',
    check: (resources) =>
      repeated(
        of(resources, mapping).map(
          ([, { EventSourceArn, FunctionName }]) => `${EventSourceArn} ${FunctionName}`,
        ),
      ),
    broken: { One: { Type: mapping, Properties: {} }, Two: { Type: mapping, Properties: {} } },
  },
  {
    name: 'the policy of a function has 20 KB at most',
    source: `${quotas}, Function resource-based policy`,
    check: (resources) => {
      const byFunction = Map.groupBy(
        of(resources, 'AWS::Lambda::Permission'),
        ([, { FunctionName }]) => FunctionName,
      );
      return [...byFunction]
        .filter(([, all]) => JSON.stringify(all).length > 20_480)
        .map(([name]) => `${name}`);
    },
    broken: {
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: 'f', SourceArn: 'x'.repeat(20_480) },
      },
    },
  },
  {
    name: 'a function URL that anyone may call has both permissions that it takes',
    source: 'Lambda Developer Guide, "Control access to Lambda function URLs"',
    check: (resources) =>
      of(resources, 'AWS::Lambda::Url')
        .filter(([, { AuthType }]) => AuthType === 'NONE')
        .flatMap(([id]) => {
          const actions = of(resources, 'AWS::Lambda::Permission')
            .filter(([, { Principal }]) => Principal === '*')
            .map(([, { Action }]) => Action);
          return ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']
            .filter((action) => !actions.includes(action))
            .map((action) => `${id} lacks ${action}`);
        }),
    broken: { Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } } },
  },
  each(
    'AWS::IAM::Role',
    'a name has 1 to 64 characters of IAM',
    'IAM User Guide, "IAM and AWS STS quotas"',
    ({ RoleName }) => shaped(RoleName, /^[\w+=,.@-]{1,64}$/),
    { RoleName: 'x'.repeat(65) },
  ),
  {
    name: 'the policies within a role have 10,240 characters together',
    source: 'IAM User Guide, "IAM and AWS STS quotas", IAM character limits',
    check: (resources) => {
      const policies = of(resources, 'AWS::IAM::Policy').flatMap(
        ([, { Roles = [], PolicyDocument }]) =>
          (Roles as string[]).map((role) => [role, JSON.stringify(PolicyDocument).length] as const),
      );
      const byRole = Map.groupBy(policies, ([role]) => role);
      return [...byRole]
        .filter(([, all]) => all.reduce((sum, [, size]) => sum + size, 0) > 10_240)
        .map(([role]) => role);
    },
    broken: {
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: ['r'], PolicyDocument: 'x'.repeat(10_241) },
      },
    },
  },
];
