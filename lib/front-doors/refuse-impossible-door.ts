import { BlockList, isIP } from 'node:net';
import type { Settings } from '../settings.ts';

/**
 * Settings that are right each by itself may not go together.
 *
 * @throws when they do not: says which, and what to do
 */
export function refuseImpossibleDoor(settings: Settings): void {
  const { frontDoor, domainName, certificateArn, truststoreUri, allowedSources } = settings;
  const hasDomain = domainName !== 'none';
  if (hasDomain && frontDoor === 'function-url') {
    throw new Error(
      'The setting "domainName" needs an API, but "frontDoor" is function-url: choose http-api or rest-api, or leave the domain out.',
    );
  }
  if (hasDomain !== (certificateArn !== 'none')) {
    throw new Error(
      `The settings "domainName" (${domainName}) and "certificateArn" (${certificateArn}) go together: give both or neither.`,
    );
  }
  if (truststoreUri !== 'none' && !hasDomain) {
    throw new Error(
      `The setting "truststoreUri" is ${truststoreUri}, but client certificates can be asked for at a domain of your own only: give "domainName" and "certificateArn" too.`,
    );
  }
  if (allowedSources === 'any') return;
  const wrong = allowedSources.split(',').find((network) => !isNetwork(network));
  if (wrong === undefined) return;
  throw new Error(
    `The setting "allowedSources" names "${wrong}", which is neither an address nor a CIDR range such as 203.0.113.0/24.`,
  );
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}
