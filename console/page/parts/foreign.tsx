/** Characters that turn the direction of the text around them, or pretend to. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g;

const name = (character: string) =>
  `[U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`;

/** Foreign text with what would turn its surroundings named instead of obeyed. */
export const tame = (text: string) => text.replace(turns, name);

/** Text that somebody else wrote: shown as text, kept from its surroundings. */
export function Foreign({ text, most = 200 }: { readonly text: string; readonly most?: number }) {
  const shown = text.length > most ? `${text.slice(0, most)}…` : text;
  return <bdi class="foreign">{tame(shown)}</bdi>;
}
