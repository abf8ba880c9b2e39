import { BlockList, isIP } from 'node:net';
import { RefusedError } from './answer.ts';
import type { IngestRequest } from './create-handler.ts';

/**
 * Middleware: lets only requests from these networks pass. The address is that of the connection, as the
 * gateway tells it; headers such as x-forwarded-for say nothing here.
 *
 * @param allowed `any`, or addresses and CIDR ranges with commas between them
 */
export function requireSource(allowed: string) {
  const networks = allowed === 'any' ? undefined : readNetworks(allowed);
  return {
    before: ({ event }: IngestRequest): void => {
      if (!networks) return;
      const address = event.requestContext?.http?.sourceIp ?? '';
      const family = isIP(address);
      const isAllowed = family > 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
      if (!isAllowed) throw new RefusedError('forbidden');
    },
  };
}

function readNetworks(allowed: string): BlockList {
  const networks = new BlockList();
  for (const each of allowed.split(',')) {
    const [address = '', prefix] = each.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(prefix), family);
  }
  return networks;
}
