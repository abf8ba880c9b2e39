import { type ConsumerRow, consumerKinds } from '../../../lib/consumer-row.ts';
import { heardPattern } from '../../../lib/heard-pattern.ts';
import { documentationOf } from '../../../lib/schema.ts';
import { codeBlock } from '../code-block.ts';
import { formatJson } from '../format-json.ts';
import { markdownTable } from '../markdown-table.ts';
import { deliveryInWords } from './delivery-in-words.ts';

/** Settings that stand elsewhere in the section, or whose value is for nobody's eyes. */
const leftOut = ['summary', 'hears', 'pattern', 'entry', 'endpoint', 'environment', 'target'];

/** What one consumer hears and how it is delivered. */
export function consumerSection(name: string, row: ConsumerRow): string {
  const values = row as unknown as Readonly<Record<string, unknown>>;
  return [
    `### \`${name}\``,
    `${row.summary}. Delivered by: ${deliveryInWords(name, row, '../')}.`,
    codeBlock('json', formatJson(heardPattern(row))),
    markdownTable(
      ['delivery', 'value'],
      Object.entries(consumerKinds[row.kind].entries)
        .filter(([setting]) => !leftOut.includes(setting))
        .map(([setting, schema]) => [
          `\`${setting}\``,
          values[setting] === undefined
            ? (documentationOf(schema).fallback ?? '')
            : `**${JSON.stringify(values[setting])}**`,
        ]),
    ),
  ].join('\n\n');
}
