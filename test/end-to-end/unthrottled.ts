/** Settings of a stage whose front door lets through whatever a test sends. */
export const unthrottled = { throttleRate: 10_000, throttleBurst: 5_000 } as const;
