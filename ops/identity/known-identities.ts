import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { readAddress } from '../../events/address.ts';
import { type IdentityItem, identityKey } from '../../events/identity/identity-item.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { readChatId } from '../state/person.ts';

/** A pair of addresses, as one account of one session knows it. Times are ISO-8601 UTC. */
export interface KnownIdentity {
  readonly phone: string;
  readonly lid: string;
  readonly session: string | undefined;
  /** The session's account: its phone number, else its LID. */
  readonly account: string | undefined;
  /** Since when the pair is known. */
  readonly since: string;
  /** When it was seen last, to the week. */
  readonly lastSeen: string;
  /** When it expires unless it is seen again. */
  readonly expires: string;
}

/** The known addresses of a person. */
export interface KnownPerson {
  /** All phone numbers (E.164) and LIDs, the given one first. */
  readonly addresses: readonly string[];
  readonly identities: readonly KnownIdentity[];
  /** The items with these addresses. */
  readonly items: readonly IdentityItem[];
}

/** Maximum number of addresses that are followed; no person has more. */
const maxAddresses = 100;

/**
 * Reads a person from a command line: a phone number in any spelling, an address, or a LID (`…@lid`).
 *
 * @returns E.164, or the LID; undefined for other text
 */
export function readPerson(given: string): string | undefined {
  const address = readAddress(readChatId(given));
  return address?.kind === 'user' ? (address.phone ?? address.lid) : undefined;
}

/**
 * Finds all pairs of a person in the table of identities, of all accounts: the pairs of the given address,
 * those of the addresses that it is paired with, and so on. It uses queries, no scan.
 *
 * @param address E.164, or a LID
 */
export async function findPerson(
  { dynamoDb }: AwsAccess,
  TableName: string,
  address: string,
): Promise<KnownPerson> {
  const addresses = new Set([address]);
  const items: IdentityItem[] = [];
  for (const each of addresses) {
    if (addresses.size > maxAddresses) {
      break;
    }
    const { Items = [] } = await dynamoDb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#address = :address',
        ExpressionAttributeNames: { '#address': identityKey.address },
        ExpressionAttributeValues: { ':address': { S: each } },
      }),
    );
    for (const found of Items) {
      const item = unmarshall(found) as IdentityItem;
      items.push(item);
      addresses.add(item.other);
    }
  }
  return { addresses: [...addresses], identities: identitiesIn(items), items };
}

/** The pairs in items. Both items of a pair have the same content, so one is enough. */
function identitiesIn(items: readonly IdentityItem[]): readonly KnownIdentity[] {
  return items
    .filter(
      ({ address, other, scope }, index) =>
        !items
          .slice(0, index)
          .some((each) => each.scope === scope && each.address === other && each.other === address),
    )
    .map(({ address, other, session, account, since, seenAt, expiresAt }) => ({
      phone: address.startsWith('+') ? address : other,
      lid: address.startsWith('+') ? other : address,
      ...{ session, account, since, lastSeen: seenAt },
      expires: new Date(expiresAt * 1000).toISOString(),
    }));
}
