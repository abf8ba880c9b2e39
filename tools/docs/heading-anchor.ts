/**
 * The anchor that GitHub gives a heading: lower case, hyphens for spaces, and nothing but letters,
 * digits, hyphens and underscores (GitHub Docs, "Basic writing and formatting syntax", section links).
 */
export function headingAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
