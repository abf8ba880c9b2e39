import { BlockList, isIP } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { RefusedError } from './answer.ts';

/**
 * Lets only requests from these networks pass. The address is that of the connection, as the gateway
 * tells it; headers such as x-forwarded-for say nothing here.
 *
 * @param allowed `any`, or addresses and CIDR ranges with commas between them
 * @returns what throws a RefusedError for an event from elsewhere
 */
export function sourceGate(
  allowed: string,
): (event: Pick<APIGatewayProxyEventV2, 'requestContext'>) => void {
  if (allowed === 'any') return () => {};
  const networks = readNetworks(allowed);
  return ({ requestContext }) => {
    const address = requestContext?.http?.sourceIp ?? '';
    const family = isIP(address);
    const isAllowed = family > 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
    if (!isAllowed) throw new RefusedError('forbidden');
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
