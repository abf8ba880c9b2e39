import { type BodyFields, onlyEvent, wahaBody } from './webhook.ts';

/** The phone number, and the hidden id (LID), of one person. */
export const phoneAddress = '12025550142@c.us';
export const lidAddress = '206158430200142@lid';
export const groupAddress = '120363020000000042@g.us';
/** Id of the message, without direction and chat. */
export const bareId = '3EB0C8A41F5D7E9B20A1';

/** The idempotency key of an event. */
export const key = (event: string, payload: unknown, fields?: BodyFields) =>
  onlyEvent(wahaBody(event, payload, fields)).meta.id;

/** Two webhooks: their event ids and times. */
export const first: BodyFields = { id: 'evt_01kdwr7v000000000000000001', timestamp: 1769932800001 };
export const second: BodyFields = {
  id: 'evt_01kdwr7v000000000000000002',
  timestamp: 1769932800002,
};

/** A message from that person. */
export const message = {
  id: `false_${phoneAddress}_${bareId}`,
  timestamp: 1767268800,
  from: phoneAddress,
  fromMe: false,
  body: 'Hi',
};
