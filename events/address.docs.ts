import type { Address } from './address.ts';
import type { FieldDocs } from './kind-docs.ts';

/** The fields of an address. */
export const addressFields: FieldDocs<Address> = {
  kind: {
    description:
      'What the address stands for. `status` is the status feed, `other` a form that is not known.',
  },
  id: {
    description:
      'The address as the sender’s own API takes it: `<digits>@c.us` for a person whose phone number is known, else `<digits>@lid`; `…@g.us`, `…@newsletter`, `status@broadcast`. Device suffixes are gone.',
  },
  phone: {
    description: 'Phone number of a person.',
    unit: 'E.164',
    absent: 'where only the hidden id is known, and for everything but people',
  },
  lid: {
    description: 'Hidden id of a person (LID).',
    absent: 'where it is not known, and for everything but people',
  },
};
