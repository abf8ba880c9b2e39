interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What of a template decides over an upgrade. */
export interface ReleasedTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** Types whose logical id is made from their content: a new one takes the place of the old one. */
const remade = new Set([
  'AWS::ApiGateway::Deployment',
  'AWS::CDK::Metadata',
  'AWS::Lambda::Version',
]);

/** Types that hold nothing and that nothing refers to: what is watched, the changelog says in words. */
const watching = new Set(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard']);

/**
 * Properties whose change has CloudFormation make a new resource and throw away the old one with what is
 * in it (AWS resource and property types reference, "Update requires: Replacement").
 */
const replacing: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema'],
  'AWS::Events::Archive': ['ArchiveName'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SecretsManager::Secret': ['Name'],
};

/** What would be lost, or break for somebody, when the stack of a release is updated. */
export function findBreaks(released: ReleasedTemplate, next: ReleasedTemplate): readonly string[] {
  const breaks: string[] = [];
  for (const [id, { Type, Properties = {} }] of Object.entries(released.Resources)) {
    if (remade.has(Type)) {
      continue;
    }
    const after = next.Resources[id];
    if (!after && watching.has(Type)) {
      continue;
    }
    if (!after) {
      breaks.push(`${id} (${Type}) is gone`);
    } else if (after.Type !== Type) {
      breaks.push(`${id} was ${Type} and is ${after.Type}`);
    } else {
      for (const name of replacing[Type] ?? []) {
        if (JSON.stringify(Properties[name]) !== JSON.stringify(after.Properties?.[name])) {
          breaks.push(`${id} (${Type}) is replaced: its ${name} has changed`);
        }
      }
    }
  }
  for (const name of Object.keys(released.Outputs ?? {})) {
    if (!Object.hasOwn(next.Outputs ?? {}, name)) {
      breaks.push(`the output ${name} is gone`);
    }
  }
  return breaks;
}
