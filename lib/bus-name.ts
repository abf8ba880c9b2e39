/**
 * Name of a deployment's bus. It is known at synth time, and written wherever the bus is meant by
 * name: not every emulator of CloudFormation resolves a reference to a bus.
 */
export const busNameOf = (stage: string) => `whatsapp-${stage}`;
