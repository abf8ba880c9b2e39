import vCard from 'vcf';
import { present } from '../own.ts';
import type { ContentParts } from './content-data.ts';
import type { EngineCard } from './engines/engine-reading.ts';

type Contact = NonNullable<ContentParts['contacts']>[number];

/** Maximum characters of a card. A longer one has a picture, and is in `raw` only. */
const maxCard = 65_536;

/** Maximum number of cards that are read from a message; WhatsApp's own clients send far fewer. */
const maxCards = 100;

/** Maximum number of phone numbers of a card. */
const maxPhones = 20;

const phonePattern = /^\+[1-9]\d{4,14}$/;

/** Reads contact cards. A card that cannot be parsed still has the name from the engine's object. */
export function readContacts(cards: readonly EngineCard[]): Contact[] {
  return cards.slice(0, maxCards).map(({ name, vcard }) => {
    const card = parse(vcard);
    return present({
      name: textOf(card, 'fn') ?? name ?? nameOf(card),
      phones: phonesOf(card),
      organization: textOf(card, 'org')
        ?.split(';')
        .find((part) => part.trim() !== '')
        ?.trim(),
    });
  });
}

/** Parses a card. The library throws for an invalid card, and requires the line endings of the standard. */
function parse(text: string | undefined): vCard | undefined {
  if (text === undefined || text.length > maxCard) {
    return undefined;
  }
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  // For long runs of blanks the library's regular expressions take quadratic time.
  const tidy = lines.map((line) => line.trimEnd().replace(/\s{2,}/g, ' '));
  const has = (line: RegExp) => tidy.some((each) => line.test(each));
  // The library requires both, some apps omit them.
  const whole = [
    ...tidy.slice(0, 1),
    ...(has(/^VERSION:/i) ? [] : ['VERSION:3.0']),
    ...tidy.slice(1),
    ...(has(/^END:VCARD/i) ? [] : ['END:VCARD']),
  ];
  try {
    return vCard.parse(whole.join('\r\n'))[0];
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

/** The name from `N:family;given;…`, of a card without `FN`. */
function nameOf(card: vCard | undefined): string | undefined {
  const [family, given] = textOf(card, 'n')?.split(';') ?? [];
  return [given, family].filter((part) => part?.trim()).join(' ') || undefined;
}

/** What people and apps write between digits: blanks, brackets, hyphens, marks of the direction of text. */
const separators = /[\s()./\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Reads phone numbers. WhatsApp adds the account to the formatted number: `TEL;waid=1202…:+1 202 …`. */
function phonesOf(card: vCard | undefined): string[] {
  const phones = propertiesOf(card, 'tel').flatMap((property) => {
    const [, parameters] = property.toJSON() as unknown as readonly [string, unknown];
    const waid = (parameters as { waid?: unknown } | undefined)?.waid;
    if (typeof waid === 'string' && phonePattern.test(`+${waid}`)) {
      return [`+${waid}`];
    }
    const digits = String(property.valueOf()).replace(/^tel:/i, '').replace(separators, '');
    const phone = digits.replace(/^00/, '+');
    return phonePattern.test(phone) ? [phone] : [];
  });
  return [...new Set(phones)].slice(0, maxPhones);
}
