/**
 * (d) AWS's quick start: a handler with the SDK's client made outside of it (Lambda Developer Guide,
 * "Define Lambda function handler in Node.js") that calls PutEvents (SDK for JavaScript's code examples,
 * "EventBridge"). Any client that knows the URL can publish: no signature, no validation, no deduplication.
 */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const client = new EventBridgeClient({});

export const handler = async (event: APIGatewayProxyEventV2) => {
  const webhook = JSON.parse(event.body ?? '');
  const response = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.BUS_NAME,
          Source: 'whatsapp',
          DetailType: webhook.event,
          Detail: JSON.stringify(webhook),
        },
      ],
    }),
  );
  if (response.FailedEntryCount) {
    return { statusCode: 500, body: JSON.stringify({ message: 'The event was not published' }) };
  }
  return { statusCode: 202, body: JSON.stringify({ message: 'Event published' }) };
};
