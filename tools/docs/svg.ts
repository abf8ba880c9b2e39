/** One bar, or the parts of one, with the text behind it. */
export interface Bar {
  readonly label: string;
  /** From left to right; a picture has a colour for each place. */
  readonly values: readonly number[];
  readonly text: string;
  /** Whether it is what the picture is about. Default: true. */
  readonly emphasized?: boolean;
}

/** Bars that share a heading and a scale. */
export interface BarGroup {
  readonly heading: string;
  readonly bars: readonly Bar[];
  /** What the full width stands for. Default: the longest bar. */
  readonly max?: number;
}

/** What the colours of a picture stand for. */
interface LegendEntry {
  readonly className: string;
  readonly text: string;
}

const width = 760;
const margin = 20;
const barHeight = 16;
const barStep = 24;

/** About the width of a character of the font below, in pixels: what labels are given room by. */
const characterWidth = 6.6;

/** A drawing with a title, in the colours of the reader: light, or dark where the system is dark. */
export function svgDocument(title: string, height: number, body: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}

/** Horizontal bars with their numbers, in groups that each have a scale. */
export function barPicture(
  title: string,
  groups: readonly BarGroup[],
  legend: readonly LegendEntry[],
): string {
  const labels = groups.flatMap(({ bars }) => bars.map(({ label }) => label.length));
  const texts = groups.flatMap(({ bars }) => bars.map(({ text }) => text.length));
  const left = margin + Math.ceil(Math.max(...labels) * characterWidth) + 10;
  const room = width - left - Math.ceil(Math.max(...texts) * characterWidth) - margin - 10;
  const body = [textAt(margin, 32, title, 'title')];
  let y = 44;
  if (legend.length > 0) {
    y += 16;
    body.push(...legendAt(y, legend));
    y += 10;
  }
  for (const { heading, bars, max } of groups) {
    y += 22;
    if (heading !== '') {
      body.push(textAt(margin, y, heading, 'heading'));
      y += 12;
    }
    const full = max ?? Math.max(...bars.map(({ values }) => sum(values)));
    for (const bar of bars) {
      body.push(...barAt({ ...bar, y, left, scale: room / full }));
      y += barStep;
    }
  }
  return svgDocument(title, y + margin - 8, body);
}

interface PlacedBar extends Bar {
  readonly y: number;
  readonly left: number;
  /** Pixels of one unit. */
  readonly scale: number;
}

function barAt({ label, values, text, emphasized = true, y, left, scale }: PlacedBar): string[] {
  const baseline = y + barHeight - 4;
  const parts = values.map((value, index) => {
    const x = left + sum(values.slice(0, index)) * scale;
    const name = emphasized ? `series${index}` : 'other';
    return `<rect class="${name}" x="${round(x)}" y="${y}" width="${round(Math.max(value * scale, value > 0 ? 1 : 0))}" height="${barHeight}" rx="2"/>`;
  });
  const end = left + sum(values) * scale + 6;
  return [
    textAt(left - 8, baseline, label, emphasized ? 'label' : 'label muted', 'end'),
    ...parts,
    textAt(end, baseline, text, 'value'),
  ];
}

function legendAt(y: number, legend: readonly LegendEntry[]): string[] {
  let x = margin;
  return legend.flatMap(({ className, text }) => {
    const entry = [
      `<rect class="${className}" x="${round(x)}" y="${y - 10}" width="12" height="12" rx="2"/>`,
      textAt(x + 18, y, text, 'label'),
    ];
    x += 18 + text.length * characterWidth + 24;
    return entry;
  });
}

/** One line of text; `anchor` says which end of it is at `x`. */
export function textAt(
  x: number,
  y: number,
  text: string,
  className: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const round = (value: number) => Math.round(value * 10) / 10;

const style = `
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1a1a19; }
.title { font-size: 16px; font-weight: 600; }
.heading { font-weight: 600; }
.muted, .note { fill: #5f5e5a; }
.note { font-size: 11px; }
.ground { fill: #fcfcfb; stroke: #dddcd8; }
.box { fill: #ffffff; stroke: #8a8984; }
.box.failed { stroke: #c4392f; stroke-dasharray: 5 3; }
.box.main { fill: #e6f0fb; stroke: #2a78d6; }
.edge { fill: none; stroke: #5f5e5a; stroke-width: 1.5; }
.edge.failed { stroke: #c4392f; stroke-dasharray: 5 3; }
.head { fill: #5f5e5a; }
.head.failed { fill: #c4392f; }
.series0 { fill: #2a78d6; }
.series1 { fill: #d98c00; }
.series2 { fill: #c4392f; }
.other { fill: #b4b3ae; }
.step0 { fill: #9cc5f2; }
.step1 { fill: #2a78d6; }
.step2 { fill: #15447f; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0efec; }
  .muted, .note { fill: #b4b3ae; }
  .ground { fill: #1a1a19; stroke: #3a3936; }
  .box { fill: #262624; stroke: #8a8984; }
  .box.failed { stroke: #ec6a5e; }
  .box.main { fill: #16304d; stroke: #3987e5; }
  .edge { stroke: #b4b3ae; }
  .edge.failed { stroke: #ec6a5e; }
  .head { fill: #b4b3ae; }
  .head.failed { fill: #ec6a5e; }
  .series0 { fill: #3987e5; }
  .series1 { fill: #d98c00; }
  .series2 { fill: #ec6a5e; }
  .other { fill: #6b6a66; }
  .step0 { fill: #1f5ca8; }
  .step1 { fill: #3987e5; }
  .step2 { fill: #a5ccf7; }
}
`;
