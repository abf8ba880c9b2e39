import { InvalidArgumentError } from 'commander';

const scales: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9 };

/** Webhooks a month as `--webhooks` takes them: `1M`, `250k`, `1M,10M`. */
export function parseVolumes(given: string): readonly number[] {
  return given.split(',').map((text) => {
    const [, digits = '', scale = ''] =
      /^(\d{1,6}(?:\.\d{1,3})?)([kmb]?)$/i.exec(text.trim()) ?? [];
    const volume = Number(digits) * (scales[scale.toLowerCase()] ?? 1);
    if (digits !== '' && volume >= 1) return volume;
    throw new InvalidArgumentError(`"${text}" is no number of webhooks, such as 250k or 10M.`);
  });
}

/** `name=value`; the value may hold further equals signs. */
export function parsePair(given: string): readonly [name: string, value: string] {
  const [, name, value] = /^([\w@/:.-]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new InvalidArgumentError(`"${given}" is not of the form name=value.`);
}
