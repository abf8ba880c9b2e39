/** What the usual stack validates: the fields that its consumers would read, as JSON Schema. */
export const eventSchema = {
  type: 'object',
  required: ['body'],
  properties: {
    body: {
      type: 'object',
      required: ['id', 'timestamp', 'event', 'session', 'payload'],
      properties: {
        id: { type: 'string', minLength: 1 },
        timestamp: { type: 'number' },
        session: { type: 'string', minLength: 1 },
        event: { type: 'string', enum: ['message', 'message.ack'] },
        engine: { type: 'string' },
        me: {
          type: 'object',
          properties: { id: { type: 'string' }, pushName: { type: 'string' } },
        },
        payload: { type: 'object' },
      },
      anyOf: [
        {
          type: 'object',
          properties: {
            event: { type: 'string', const: 'message' },
            payload: {
              type: 'object',
              required: ['id', 'timestamp', 'from', 'fromMe', 'hasMedia'],
              properties: {
                id: { type: 'string' },
                timestamp: { type: 'number' },
                from: { type: 'string' },
                to: { type: 'string', nullable: true },
                participant: { type: 'string', nullable: true },
                fromMe: { type: 'boolean' },
                source: { type: 'string', nullable: true },
                body: { type: 'string', nullable: true },
                hasMedia: { type: 'boolean' },
                ack: { type: 'number', nullable: true },
                ackName: { type: 'string', nullable: true },
              },
            },
          },
        },
        {
          type: 'object',
          properties: {
            event: { type: 'string', const: 'message.ack' },
            payload: {
              type: 'object',
              required: ['id', 'ack'],
              properties: {
                id: { type: 'string' },
                chatId: { type: 'string' },
                from: { type: 'string' },
                to: { type: 'string', nullable: true },
                participant: { type: 'string', nullable: true },
                fromMe: { type: 'boolean' },
                ack: { type: 'number' },
                ackName: { type: 'string' },
              },
            },
          },
        },
      ],
    },
  },
} as const;

/** What is known of a body that passed. */
export interface ValidWebhook {
  readonly id: string;
  readonly event: string;
}
