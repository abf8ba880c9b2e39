/** Whether this account did it; undefined where that is not said. */
export function isOutbound(data: {
  readonly direction?: 'inbound' | 'outbound';
}): boolean | undefined {
  return data.direction && data.direction === 'outbound';
}
