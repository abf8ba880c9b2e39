import vCard from 'vcf';
import { present } from '../own.ts';
import type { ContentParts } from './content-data.ts';
import type { EngineCard } from './engines/engine-reading.ts';

type Contact = NonNullable<ContentParts['contacts']>[number];

/** Characters of a card at most; what is longer has a picture, and stays in `raw`. */
const maxCard = 65_536;

/** Cards of a message that are read at most; WhatsApp's own clients send far fewer. */
const maxCards = 100;

/** Phone numbers of a card at most. */
const maxPhones = 20;

const phonePattern = /^\+[1-9]\d{4,14}$/;

/** Reads contact cards. One that cannot be parsed still has the name that the engine gives it. */
export function readContacts(cards: readonly EngineCard[]): Contact[] {
  return cards.slice(0, maxCards).map(({ name, vcard }) => {
    const card = parse(vcard);
    return present({
      name: textOf(card, 'fn') ?? name,
      phones: phonesOf(card),
      organization: textOf(card, 'org')
        ?.split(';')
        .find((part) => part.trim() !== '')
        ?.trim(),
    });
  });
}

/** The library throws for what is no card, and wants the line ends of the standard. */
function parse(text: string | undefined): vCard | undefined {
  if (text === undefined || text.length > maxCard) {
    return undefined;
  }
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  // Long runs of blanks cost the library's patterns the square of their length.
  const tidy = lines.map((line) => line.trimEnd().replace(/\s{2,}/g, ' ')).join('\r\n');
  try {
    return vCard.parse(tidy)[0];
  } catch {
    return undefined;
  }
}

function propertiesOf(card: vCard | undefined, name: string): vCard.Property[] {
  const found = card && Object.hasOwn(card.data, name) ? card.get(name) : undefined;
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

function textOf(card: vCard | undefined, name: string): string | undefined {
  const [property] = propertiesOf(card, name);
  const value = property?.valueOf();
  return typeof value === 'string' && value !== '' ? value.replace(/\\([,;\\])/g, '$1') : undefined;
}

/** WhatsApp writes whose number it is beside the number as people write it: `TEL;waid=1202…:+1 202 …`. */
function phonesOf(card: vCard | undefined): string[] {
  const phones = propertiesOf(card, 'tel').flatMap((property) => {
    const [, parameters] = property.toJSON() as unknown as readonly [string, unknown];
    const waid = (parameters as { waid?: unknown } | undefined)?.waid;
    if (typeof waid === 'string' && phonePattern.test(`+${waid}`)) {
      return [`+${waid}`];
    }
    const digits = String(property.valueOf())
      .replace(/^tel:/i, '')
      .replace(/[\s().-]/g, '');
    const phone = digits.replace(/^00/, '+');
    return phonePattern.test(phone) ? [phone] : [];
  });
  return [...new Set(phones)].slice(0, maxPhones);
}
