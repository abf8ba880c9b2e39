/** The last part of an ARN, a queue's or function's name. */
export const nameOf = (arnOrName: string) => arnOrName.split(':').at(-1) ?? arnOrName;
