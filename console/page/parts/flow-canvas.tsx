import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FlowFigures } from '../../server/journal/flow-figures.ts';
import type { EventFilter } from '../../server/journal/query-events.ts';
import { type Health, legsOf, maxDots } from '../model/flow.ts';
import { newsListeners } from '../model/live.ts';
import { filter, overview, toggleFilter } from '../model/store.ts';
import { Untrusted } from './values.tsx';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Dot {
  readonly from: Point;
  readonly to: Point;
  readonly start: number;
  readonly isBad: boolean;
}

const travelMs = 700;
/** Dots of one piece of news set out one after the other within this time. */
const spreadMs = 190;

/** Edges between the nodes, and the events that move along them. */
export function FlowCanvas({ stage }: { readonly stage: RefObject<HTMLElement | null> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const lanes = overview.value?.lanes;
  useEffect(() => {
    const [element, box] = [canvas.current, stage.current];
    const pen = element?.getContext('2d');
    if (!element || !box || !pen || !lanes) {
      return;
    }
    let places = new Map<string, DOMRect>();
    let dots: Dot[] = [];
    let frame = 0;
    let before: FlowFigures | undefined;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;

    const measure = () => {
      const origin = box.getBoundingClientRect();
      const scale = devicePixelRatio;
      element.width = origin.width * scale;
      element.height = origin.height * scale;
      pen.setTransform(scale, 0, 0, scale, -origin.left * scale, -origin.top * scale);
      places = new Map(
        [...box.querySelectorAll<HTMLElement>('[data-station]')].map((node) => [
          node.dataset.node ?? '',
          node.getBoundingClientRect(),
        ]),
      );
      draw(performance.now());
    };
    const draw = (now: number) => {
      const origin = box.getBoundingClientRect();
      pen.clearRect(origin.left, origin.top, origin.width, origin.height);
      // Its own style has the colours of light and dark resolved.
      const { color, outlineColor, borderTopColor } = getComputedStyle(element);
      pen.strokeStyle = color;
      pen.lineWidth = 1.25;
      for (const [from, to] of linesOf(places)) {
        pen.beginPath();
        pen.moveTo(from.x, from.y);
        const middle = (from.x + to.x) / 2;
        pen.bezierCurveTo(middle, from.y, middle, to.y, to.x, to.y);
        pen.stroke();
      }
      dots = dots.filter(({ start }) => now - start < travelMs);
      for (const { from, to, start, isBad } of dots) {
        if (now < start) {
          continue;
        }
        const { x, y } = along(from, to, (now - start) / travelMs);
        pen.fillStyle = isBad ? borderTopColor : outlineColor;
        pen.beginPath();
        pen.arc(x, y, 3.2, 0, Math.PI * 2);
        pen.fill();
      }
      frame = dots.length > 0 ? requestAnimationFrame(draw) : 0;
    };
    const take = ({ flow }: { readonly flow: FlowFigures }) => {
      const earlier = before;
      before = flow;
      if (!earlier || isCalm || document.hidden) {
        return;
      }
      const now = performance.now();
      for (const { from, to, count, isBad } of legsOf(earlier, flow, lanes)) {
        const [start, end] = [places.get(from), places.get(to)];
        if (!start || !end) {
          continue;
        }
        for (let index = 0; index < count && dots.length < maxDots; index += 1) {
          const wait = (spreadMs * index) / count;
          dots.push({ from: right(start), to: left(end), start: now + wait, isBad });
        }
      }
      if (frame === 0 && dots.length > 0) {
        frame = requestAnimationFrame(draw);
      }
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    // Sessions come and go, and move what is beside them.
    const changes = new MutationObserver(measure);
    changes.observe(box, { childList: true, subtree: true });
    addEventListener('scroll', measure, { passive: true });
    newsListeners.add(take);
    measure();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      changes.disconnect();
      removeEventListener('scroll', measure);
      newsListeners.delete(take);
    };
  }, [lanes, stage]);
  return <canvas ref={canvas} class="flow-canvas" />;
}

const right = ({ right: x, top, height }: DOMRect): Point => ({ x, y: top + height / 2 });
const left = ({ left: x, top, height }: DOMRect): Point => ({ x, y: top + height / 2 });

/** A point of the curve between two stations. */
function along(from: Point, to: Point, part: number): Point {
  const middle = (from.x + to.x) / 2;
  const rest = 1 - part;
  const [a, b, c, d] = [rest ** 3, 3 * rest ** 2 * part, 3 * rest * part ** 2, part ** 3];
  return { x: a * from.x + (b + c) * middle + d * to.x, y: (a + b) * from.y + (c + d) * to.y };
}

/** Which stations are neighbours. */
function* linesOf(places: ReadonlyMap<string, DOMRect>): Generator<readonly [Point, Point]> {
  const [ingest, bus] = [places.get('ingest'), places.get('bus')];
  for (const [id, place] of places) {
    const [kind = '', ...name] = id.split(' ');
    if (kind === 'session' && ingest) {
      yield [right(place), left(ingest)];
    }
    if (kind === 'ingest' && bus) {
      yield [right(place), left(bus)];
    }
    if (kind === 'rule' && bus) {
      yield [right(bus), left(place)];
    }
    const nextKind = { rule: 'queue', queue: 'consumer' }[kind];
    const next = nextKind && places.get([nextKind, ...name].join(' '));
    if (next) {
      yield [right(place), left(next)];
    }
  }
}

interface NodeProps {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** Events that came through. */
  readonly count?: number;
  /** Messages that are in it now. */
  readonly waiting?: number;
  readonly detail?: string;
  readonly health?: Health;
  /** What everything else is narrowed to by a click. Empty: to nothing. */
  readonly filter: EventFilter;
}

const number = (value: number) => value.toLocaleString('en');

/** One station of the flow. */
export function FlowNode(props: NodeProps) {
  const { id, title, kind, count, waiting = 0, detail, health = 'well' } = props;
  const entries = Object.entries(props.filter).filter(([, value]) => value !== undefined);
  const isOn =
    entries.length > 0 &&
    entries.every(([name, value]) => filter.value[name as keyof EventFilter] === value);
  return (
    <li class={`place ${kind === 'end' ? 'end' : ''}`}>
      <button
        type="button"
        class={`station ${health}`}
        data-station={id}
        aria-pressed={isOn}
        onClick={() => {
          if (entries.length === 0) {
            filter.value = {};
          } else {
            toggleFilter(props.filter);
          }
        }}
      >
        <span class="kind">{kind === 'end' ? '' : kind}</span>
        <span class="name">
          <Untrusted text={title} max={60} />
        </span>
        <span class="numbers">
          {count !== undefined && <b>{number(count)}</b>}
          {(waiting > 0 || kind === 'end') && (
            <span class="waiting">{number(waiting)} waiting</span>
          )}
          {detail !== undefined && <span>{detail}</span>}
          {health === 'stuck' && <span class="stuck-word">stuck</span>}
        </span>
      </button>
    </li>
  );
}
