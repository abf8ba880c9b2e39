/** The `source` of every event that this pipeline puts on the bus. */
export const eventSource = 'whatsapp';
