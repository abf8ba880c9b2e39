import { busDocs } from '../../events/catalog.docs.ts';
import { consumers } from '../../lib/consumers.ts';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import { subscribedTypes } from '../../lib/subscription.ts';
import { deliveryInWords } from './consumers-page.ts';
import { headingAnchor, markdownTable } from './markdown.ts';

/** The parts of the README that are made from the tables, by the name in their markers. */
const readmeSections: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  kinds: kindsTable,
  consumers: consumersTable,
};

/** The README with the generated text between each `<!-- name:begin -->` and `<!-- name:end -->`. */
export function renewSections(readme: string): string {
  return Object.entries(readmeSections).reduce((text, [name, render]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) {
      throw new Error(`README.md has no ${begin} … ${end}`);
    }
    return `${text.slice(0, from + begin.length)}\n${render()}\n${text.slice(to)}`;
  }, readme);
}

function settingsTable(): string {
  return markdownTable(
    ['setting', 'default', 'allowed', 'what it is'],
    Object.entries(settings).map(([name, schema]) => {
      const { fallback, allowed, summary } = documentationOf(schema);
      return [`\`${name}\``, `\`${fallback}\``, allowed, summary];
    }),
  );
}

function kindsTable(): string {
  const subscribed = (type: string) =>
    Object.entries(consumers)
      .filter(([, row]) => subscribedTypes(row).includes(type))
      .map(([name]) => `\`${name}\``)
      .join(', ');
  return markdownTable(
    ['event', 'when', 'consumers'],
    Object.entries(busDocs).map(([type, { summary, deprecated }]) => [
      `[\`${type}\`](docs/events.md#${headingAnchor(type)})`,
      deprecated ? `${summary} Deprecated.` : summary,
      subscribed(type),
    ]),
  );
}

function consumersTable(): string {
  return markdownTable(
    ['consumer', 'subscribes to', 'delivery'],
    Object.entries(consumers).map(([name, row]) => [
      `\`${name}\``,
      row.summary,
      deliveryInWords(name, row),
    ]),
  );
}
