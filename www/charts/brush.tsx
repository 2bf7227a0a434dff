// The brush over the strip: a stretch of time that filters everything below.

import { useRef } from "preact/hooks";

import { moment } from "../parts/words";
import { span } from "../state/filters";

interface Props {
  from: number;
  to: number;
  step: number;
  left: number;
  plot: number;
  height: number;
}

/** Drag to choose a time; handles and window move by arrows, `Shift` widens, `Esc` clears. */
export function Brush({ from, to, step, left, plot, height }: Props) {
  const dragged = useRef<{ kind: "new" | "from" | "to" | "move"; at: number; span: { from: number; to: number } } | null>(null);
  const svg = useRef<SVGGElement>(null);
  const now = span.value ?? { from, to };
  const x = (time: number) => left + ((time - from) / (to - from)) * plot;
  const timeAt = (event: PointerEvent) => {
    const box = svg.current?.ownerSVGElement?.getBoundingClientRect();
    const time = from + ((event.clientX - (box?.left ?? 0) - left) / plot) * (to - from);
    return Math.min(Math.max(from + Math.round((time - from) / step) * step, from), to);
  };
  const set = (next: { from: number; to: number }) => {
    const low = Math.max(from, Math.min(next.from, next.to));
    const high = Math.min(to, Math.max(next.from, next.to));
    if (high - low < step) return;
    span.value = low <= from && high >= to ? null : { from: low, to: high };
  };
  const begin = (kind: "new" | "from" | "to") => (event: PointerEvent) => {
    if (event.button !== 0) return;
    const at = timeAt(event);
    dragged.current = { kind, at, span: now };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    event.stopPropagation();
  };
  const drag = (event: PointerEvent) => {
    const held = dragged.current;
    if (held === null) return;
    const at = timeAt(event);
    if (held.kind === "new") set({ from: held.at, to: at });
    else if (held.kind === "from") set({ from: Math.min(at, held.span.to - step), to: held.span.to });
    else set({ from: held.span.from, to: Math.max(at, held.span.from + step) });
  };
  const end = () => (dragged.current = null);
  const keys = (kind: "from" | "to" | "move") => (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? step : event.key === "ArrowLeft" ? -step : 0;
    if (event.key === "Escape" && span.value !== null) span.value = null;
    else if (by === 0) return;
    else if (kind === "move" && event.shiftKey) set({ from: now.from - by, to: now.to + by });
    else if (kind === "move") {
      const shift = Math.min(Math.max(by, from - now.from), to - now.to);
      set({ from: now.from + shift, to: now.to + shift });
    } else if (kind === "from") set({ from: Math.min(now.from + by * (event.shiftKey ? 10 : 1), now.to - step), to: now.to });
    else set({ from: now.from, to: Math.max(now.to + by * (event.shiftKey ? 10 : 1), now.from + step) });
    event.preventDefault();
    event.stopPropagation();
  };
  const handle = (kind: "from" | "to", time: number) => (
    <g
      role="slider"
      tabindex={0}
      aria-label={kind === "from" ? "Time from" : "Time to"}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={time}
      aria-valuetext={moment(time)}
      class="handle"
      onPointerDown={begin(kind)}
      onPointerMove={drag}
      onPointerUp={end}
      onKeyDown={keys(kind)}
    >
      <rect x={x(time) - 12} y={0} width={24} height={height} fill="transparent" />
      <path d={`M${x(time)} 0V${height}`} class="k-ink" stroke-width="1.5" />
      <rect class="f-ink grip" x={x(time) - 3.5} y={height / 2 - 11} width={7} height={22} rx={2} />
      <path d={`M${x(time) - 1} ${height / 2 - 5}v10M${x(time) + 1} ${height / 2 - 5}v10`} class="gripline" />
    </g>
  );
  return (
    <g ref={svg}>
      <rect
        class="brush"
        role="slider"
        tabindex={span.value === null ? -1 : 0}
        aria-label="Time window"
        aria-valuemin={from}
        aria-valuemax={to}
        aria-valuenow={now.from}
        aria-valuetext={`${moment(now.from)} to ${moment(now.to)}`}
        x={left}
        y={0}
        width={plot}
        height={height}
        fill="transparent"
        onPointerDown={begin("new")}
        onPointerMove={drag}
        onPointerUp={end}
        onDblClick={() => (span.value = null)}
        onKeyDown={keys("move")}
      />
      {handle("from", now.from)}
      {handle("to", now.to)}
    </g>
  );
}
