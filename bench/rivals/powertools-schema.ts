import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2';
import { z } from 'zod';

const envelope = {
  id: z.string().min(1),
  timestamp: z.number(),
  session: z.string().min(1),
  engine: z.string().optional(),
  me: z.looseObject({ id: z.string().optional(), pushName: z.string().optional() }).optional(),
};

const message = z.looseObject({
  id: z.string(),
  timestamp: z.number(),
  from: z.string(),
  to: z.string().nullish(),
  participant: z.string().nullish(),
  fromMe: z.boolean(),
  source: z.string().nullish(),
  body: z.string().nullish(),
  hasMedia: z.boolean(),
  ack: z.number().nullish(),
  ackName: z.string().nullish(),
});

const acknowledgement = z.looseObject({
  id: z.string(),
  chatId: z.string().optional(),
  from: z.string().optional(),
  to: z.string().nullish(),
  participant: z.string().nullish(),
  fromMe: z.boolean().optional(),
  ack: z.number(),
  ackName: z.string().optional(),
});

/** An API Gateway request with a webhook in it: the fields that consumers would read. */
export const requestSchema = APIGatewayProxyEventV2Schema.extend({
  body: JSONStringified(
    z.discriminatedUnion('event', [
      z.looseObject({ ...envelope, event: z.literal('message'), payload: message }),
      z.looseObject({ ...envelope, event: z.literal('message.ack'), payload: acknowledgement }),
    ]),
  ),
});

export type ParsedRequest = z.infer<typeof requestSchema>;
