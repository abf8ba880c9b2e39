/** One XML element. Its content is escaped unless it is `raw`, that is, made of elements itself. */
export function tag(
  name: string,
  content: string | number | boolean,
  { raw = false }: { readonly raw?: boolean } = {},
): string {
  return `<${name}>${raw ? content : escapeXml(String(content))}</${name}>`;
}

/** A complete XML document. */
export function xmlDocument(root: string, inner: string, namespace?: string): string {
  const attribute = namespace ? ` xmlns="${namespace}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner}</${root}>`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeXml = (text: string) =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
