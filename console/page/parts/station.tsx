import type { EventFilter } from '../../server/journal/event-filter.ts';
import type { Health } from '../model/stations.ts';
import { filter, toggleFilter } from '../model/store.ts';
import { Foreign } from './foreign.tsx';

interface StationProps {
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
export function Station(props: StationProps) {
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
          if (entries.length === 0) filter.value = {};
          else toggleFilter(props.filter);
        }}
      >
        <span class="kind">{kind === 'end' ? '' : kind}</span>
        <span class="name">
          <Foreign text={title} most={60} />
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
