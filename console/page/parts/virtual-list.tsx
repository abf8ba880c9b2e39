import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface VirtualListProps {
  readonly label: string;
  readonly total: number;
  /** Whether the rows belong to an old list, which is about to be replaced. */
  readonly isBusy: boolean;
  readonly rowHeight: number;
  /** Index of the row that was selected by keys; -1 for none. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
  /** The row under the pointer when its button is pressed; `onClick` follows, and the list may move meanwhile. */
  readonly onPress: (index: number) => void;
  /** `isPressed` is false for a click without a pointer, for example by a screen reader. */
  readonly onClick: (index: number, isPressed: boolean) => void;
  readonly onScrolled: (isAway: boolean) => void;
  readonly onVisible: (first: number, last: number) => void;
  /** The content of a row. */
  readonly row: (index: number) => ComponentChildren;
}

/** Number of rows that are rendered beyond the visible ones, so that scrolling shows no gaps. */
const margin = 6;

/** A list of any length of which only the visible rows are in the page. */
export function VirtualList(props: VirtualListProps) {
  const { label, total, isBusy, rowHeight, active, onActive, onOpen, onPress, onClick } = props;
  const { onScrolled, onVisible, row } = props;
  const box = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(400);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // The next list begins at its top.
  useEffect(() => () => onScrolled(false), []);
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const last = Math.min(total - 1, Math.ceil((scrollTop + height) / rowHeight) + margin);
  useEffect(() => onVisible(first, Math.max(first, last)));

  const moveTo = (index: number) => {
    const wanted = Math.max(0, Math.min(total - 1, index));
    onActive(wanted);
    const element = box.current;
    if (!element) {
      return;
    }
    const at = wanted * rowHeight;
    if (at < element.scrollTop) {
      element.scrollTop = at;
    } else if (at + rowHeight > element.scrollTop + height) {
      element.scrollTop = at + rowHeight - height;
    }
  };
  const page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: total - 1,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = moves[event.key];
    if (wanted !== undefined && total > 0) {
      event.preventDefault();
      moveTo(wanted);
    } else if (event.key === 'Enter' && active >= 0) {
      onOpen(active);
    }
  };
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  return (
    <div
      ref={box}
      class="list"
      role="listbox"
      aria-label={label}
      aria-busy={isBusy}
      aria-activedescendant={active >= first && active <= last ? `row-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        setScrollTop(event.currentTarget.scrollTop);
        onScrolled(event.currentTarget.scrollTop > rowHeight / 2);
      }}
    >
      <div class="list-space" style={{ height: `${total * rowHeight}px` }} role="presentation">
        {indexes.map((index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
          <div
            key={index}
            id={`row-${index}`}
            role="option"
            aria-selected={index === active}
            aria-setsize={total}
            aria-posinset={index + 1}
            class="list-row"
            style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
            onPointerDown={() => onPress(index)}
            onClick={({ detail }) => onClick(index, detail > 0)}
          >
            {row(index)}
          </div>
        ))}
      </div>
    </div>
  );
}
