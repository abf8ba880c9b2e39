import { svgDocument, textAt } from './svg.ts';

/** A box of the drawing: its middle, its size, and up to two lines of text. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
  readonly width?: number;
  readonly kind?: 'main' | 'failed';
}

const boxHeight = 44;
const defaultWidth = 112;

const boxes = {
  senders: { x: 76, y: 130, lines: ['WAHA, Wawp', 'sessions'] },
  ingest: { x: 226, y: 130, lines: ['ingest', 'one function'], kind: 'main' },
  table: { x: 226, y: 60, lines: ['deduplication', '48 hours'] },
  spill: { x: 226, y: 250, lines: ['spill queue'], kind: 'failed' },
  bus: { x: 376, y: 130, lines: ['bus', 'EventBridge'], kind: 'main' },
  archive: { x: 376, y: 60, lines: ['archive', '30 days'] },
  undeliverable: { x: 376, y: 250, lines: ['undeliverable,', 'unrouted'], kind: 'failed' },
  queue: { x: 526, y: 100, lines: ['queue', 'of a consumer'] },
  handler: { x: 676, y: 100, lines: ['function', 'your handler'], kind: 'main' },
  other: {
    x: 601,
    y: 172,
    lines: ['or another target', 'HTTPS endpoint, bus, bucket, your service'],
    width: 262,
  },
  deadLetters: { x: 601, y: 250, lines: ['dead-letter queue'], width: 140, kind: 'failed' },
} as const satisfies Readonly<Record<string, Box>>;

/** An arrow along points, with a text at a place of its own. */
interface Edge {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly text?: readonly [x: number, y: number, text: string];
  readonly failed?: boolean;
}

const edges: readonly Edge[] = [
  {
    points: [
      [132, 122],
      [170, 122],
    ],
    text: [151, 114, 'POST'],
  },
  {
    points: [
      [170, 140],
      [132, 140],
    ],
    text: [151, 156, '202'],
  },
  {
    points: [
      [226, 108],
      [226, 82],
    ],
  },
  {
    points: [
      [282, 130],
      [320, 130],
    ],
  },
  {
    points: [
      [376, 108],
      [376, 82],
    ],
  },
  {
    points: [
      [432, 122],
      [452, 122],
      [452, 100],
      [470, 100],
    ],
    text: [451, 90, 'rule'],
  },
  {
    points: [
      [432, 138],
      [452, 138],
      [452, 172],
      [470, 172],
    ],
  },
  {
    points: [
      [582, 100],
      [620, 100],
    ],
  },
  {
    points: [
      [226, 152],
      [226, 228],
    ],
    text: [232, 214, 'refused'],
    failed: true,
  },
  {
    points: [
      [282, 250],
      [301, 250],
      [301, 146],
      [320, 146],
    ],
    failed: true,
  },
  {
    points: [
      [376, 152],
      [376, 228],
    ],
    text: [382, 214, 'no target took it'],
    failed: true,
  },
  {
    points: [
      [732, 112],
      [746, 112],
      [746, 250],
      [671, 250],
    ],
    text: [640, 214, 'failed five times'],
    failed: true,
  },
];

/** The flow of data: from the sender to a consumer, and where an event waits when something fails. */
export function flowPicture(): string {
  return svgDocument('How an event flows, and where it waits when something fails', 318, [
    '<defs>',
    ...['', 'failed'].map(
      (kind) =>
        `<marker id="head${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head ${kind}" d="M0 0L8 4L0 8z"/></marker>`,
    ),
    '</defs>',
    textAt(20, 26, 'How an event flows, and where it waits when something fails', 'title'),
    ...edges.flatMap(drawEdge),
    ...Object.values(boxes).flatMap(drawBox),
    textAt(
      20,
      302,
      'Dashed: failures. Each is kept for 14 days with its reason, and is sent on by a redrive: fanout dlq.',
      'note',
    ),
  ]);
}

function drawBox({ x, y, lines, width = defaultWidth, kind }: Box): string[] {
  const first = y + 4 - (lines.length - 1) * 8;
  return [
    `<rect class="box ${kind ?? ''}" x="${x - width / 2}" y="${y - boxHeight / 2}" width="${width}" height="${boxHeight}" rx="6"/>`,
    ...lines.map((line, index) =>
      textAt(x, first + index * 16, line, index === 0 ? 'heading' : 'note', 'middle'),
    ),
  ];
}

function drawEdge({ points, text, failed = false }: Edge): string[] {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const kind = failed ? 'failed' : '';
  return [
    `<path class="edge ${kind}" d="${path}" marker-end="url(#head${kind})"/>`,
    ...(text ? [textAt(text[0], text[1], text[2], 'note', failed ? 'start' : 'middle')] : []),
  ];
}
