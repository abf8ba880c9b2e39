import { createHmac } from 'node:crypto';

/** Each kind of event, made from a template: a new id, and what follows from it. Parsed, as Lambda hands it over. */
export const makeEvents = { webhook: makeWebhook, batch: makeBatch };

/** @param template `{ body, request, idPlaceholder, signingSecret }` */
function makeWebhook({ body, request, idPlaceholder, signingSecret }, number) {
  const own = body.replaceAll(idPlaceholder, idOf(number, idPlaceholder));
  const signature = createHmac('sha512', signingSecret).update(own).digest('hex');
  const event = JSON.parse(request);
  event.headers['x-webhook-hmac'] = signature;
  // A string of its own, as JSON.parse makes it, and not pieces of others.
  event.body = JSON.parse(JSON.stringify(own));
  return event;
}

/** @param template `{ records, idPlaceholder }` */
function makeBatch({ records, idPlaceholder }, number) {
  let place = 0;
  return JSON.parse(
    records.replaceAll(idPlaceholder, () => {
      place += 1;
      return idOf(number * 100 + place, idPlaceholder);
    }),
  );
}

const idOf = (number, { length }) => String(number).padStart(length, '0');
