import type { Ack } from './ack.ts';
import type { FieldDocs } from './kind-docs.ts';

/** How far a message has come. */
export const ackFields: FieldDocs<Ack> = {
  level: {
    description:
      'Order of the names: a higher level includes the lower ones. Levels may be skipped and come out of order; keep the highest.',
    unit: '-1 error, 0 pending, 1 server, 2 device, 3 read, 4 played',
    absent: 'where the name is `unknown`',
  },
  name: {
    description:
      '`server`: WhatsApp has it, `device`: delivered, `played`: a voice message was listened to, `unknown`: the sender does not say.',
  },
};
