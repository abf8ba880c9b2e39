import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesizeTemplate } from './synthesize-app.ts';

test('with 0 archive days there is no archive', () => {
  synthesizeTemplate({ archiveDays: 0 }).resourceCountIs('AWS::Events::Archive', 0);
});

describe('duplicates', () => {
  test('are not detected with the setting `none`', () => {
    const without = synthesizeTemplate({ deduplicate: 'none' });
    const tables = Object.values(without.findResources('AWS::DynamoDB::Table'));
    expect(tables.map(({ Properties }) => Properties.TableName)).toEqual([
      'whatsapp-dev-identities',
      'whatsapp-dev-state',
    ]);
  });

  test('of an unknown event type are refused by name', () => {
    expect(() => synthesizeTemplate({ deduplicate: 'message,mesage.any' })).toThrow(
      'names mesage.any, which is not an event type',
    );
  });
});

describe('the state', () => {
  test('is kept in one table with point-in-time recovery that is not deleted with the stack', () => {
    synthesizeTemplate({ stage: 'prod' }).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        TableName: 'whatsapp-prod-state',
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        // A place in an index would cost as much as the item.
        GlobalSecondaryIndexes: Match.absent(),
      },
    });
  });

  test('expires after as many days as the setting says', () => {
    synthesizeTemplate({ stateDays: 60 }).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-messages',
      Environment: { Variables: { STATE_DAYS: '60' } },
    });
  });
});

describe('settings', () => {
  test('a stage that takes signatures only has no secret for URLs', () => {
    const signedOnly = synthesizeTemplate({ authentication: 'hmac' });
    const secrets = Object.keys(signedOnly.findResources('AWS::SecretsManager::Secret'));
    expect(secrets.filter((id) => id.startsWith('FanoutIngest'))).toHaveLength(1);
    signedOnly.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { AUTHENTICATION: 'hmac', URL_SECRET_ARN: Match.absent() } },
    });
  });

  test('stage, throttles, memory and retention reach the template', () => {
    const prod = synthesizeTemplate({
      stage: 'prod',
      throttleRate: '77',
      ingestMemoryMb: 1024,
      queueRetentionDays: 7,
      logRetentionDays: '90',
    });
    prod.hasResourceProperties('AWS::Events::EventBus', { Name: 'whatsapp-prod' });
    prod.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 77 },
    });
    prod.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-prod-ingest',
      MemorySize: 1024,
    });
    prod.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'whatsapp-prod-messages',
      MessageRetentionPeriod: 7 * 86_400,
    });
    prod.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });
});
