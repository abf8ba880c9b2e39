import { type LimitName, limits } from './limits.ts';

/** Which limits are exceeded. What could not be measured exceeds its limit. */
export function exceeded(measured: Readonly<Record<LimitName, number>>): readonly LimitName[] {
  return (Object.keys(limits) as LimitName[]).filter(
    (name) => !(measured[name] <= limits[name].atMost),
  );
}
