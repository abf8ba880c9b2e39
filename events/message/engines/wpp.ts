import { createWebReader, type WebWords } from './web.ts';
import { webTypes } from './webjs.ts';

/** As WPPConnect has it: WhatsApp Web's words, two of its own, and the text of some types in `content`. */
const wpp: WebWords = {
  types: { ...webTypes, text: 'text', voice: 'voice' },
  text: ['caption', 'body', 'content'],
};

/** Reads WPPConnect's message, which WPP puts into `_data`. */
export const readWpp = createWebReader(wpp);
