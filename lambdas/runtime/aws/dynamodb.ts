import type {
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { type Call, type ClientPorts, type ClientSettings, jsonClient } from './aws-client.ts';

/** The actions of DynamoDB that the functions use. */
export type DynamoDb = Call<{
  GetItem: { input: GetItemCommandInput; output: Pick<GetItemCommandOutput, 'Item'> };
  PutItem: { input: PutItemCommandInput; output: Partial<PutItemCommandOutput> };
  UpdateItem: { input: UpdateItemCommandInput; output: Partial<UpdateItemCommandOutput> };
  DeleteItem: { input: DeleteItemCommandInput; output: Partial<DeleteItemCommandOutput> };
}>;

/** A client of DynamoDB. Binary attributes are not supported: nothing here has any. */
export function dynamoDb(settings: ClientSettings, ports?: ClientPorts): DynamoDb {
  return jsonClient(
    { name: 'dynamodb', variable: 'DYNAMODB', target: 'DynamoDB_20120810', version: '1.0' },
    settings,
    ports,
  );
}

/** What DynamoDB answers when a write's condition does not hold. */
export const conditionFailed = 'ConditionalCheckFailedException';
