// Records of all kinds over time in one row, with the brush that chooses the time everything is counted in.

import type { RecordKind, Strip } from "../model";
import { useWidth } from "../parts/small";
import { figure, moment } from "../parts/words";
import { span } from "../state/filters";
import { timeTicks } from "./axis";
import { barPath } from "./bars";
import { Brush } from "./brush";

const LEFT = 20;
const RIGHT = 16;
const HEIGHT = 30;

const SIGN_INS: RecordKind[] = ["interactive", "non-interactive", "service-principal", "managed-identity"];
const ACTS: RecordKind[] = ["directory", "activity"];

interface Props {
  strip: Strip;
  /** Whether acts are counted, or sign-ins. */
  acts: boolean;
}

/** What is counted over time; its table is that of the strip of the sessions. */
export function Times({ strip, acts }: Props) {
  const [element, width] = useWidth<HTMLDivElement>(740);
  const { from, step, bins } = strip.bins;
  const to = from + step * bins;
  const kinds = acts ? ACTS : SIGN_INS;
  const rows = strip.rows.filter((row) => kinds.includes(row.kind));
  const counts = Array.from({ length: bins }, (_, bin) => rows.reduce((sum, row) => sum + (row.counts[bin] ?? 0), 0));
  const most = Math.max(0, ...counts);
  const plot = Math.max(100, width - LEFT - RIGHT);
  const x = (time: number) => LEFT + ((time - from) / (to - from)) * plot;
  const now = span.value;
  const words = acts ? "acts" : "sign-ins";
  return (
    <div class="times strip" ref={element}>
      <svg width={width} height={HEIGHT + 18} role="group" aria-label={`${figure(counts.reduce((sum, count) => sum + count, 0))} ${words} from ${moment(from)} to ${moment(to)}; the time that is counted`}>
        <g aria-hidden="true">
          {timeTicks(from, to, plot, 74).map((tick) => (
            <g key={tick.time}>
              <path d={`M${x(tick.time)} 0V${HEIGHT + 4}`} class="k-line" />
              {x(tick.time) < width - 44 && (
                <text x={x(tick.time) + 4} y={HEIGHT + 14} class="t-3">
                  {tick.label}
                </text>
              )}
            </g>
          ))}
          <path d={`M${LEFT} ${HEIGHT + 0.5}H${LEFT + plot}`} class="k-line-2" />
          <path d={barPath(counts, most, (bin) => LEFT + (bin * plot) / bins, plot / bins, HEIGHT, HEIGHT - 4)} class="f-mark" />
          {now !== null && (
            <>
              <rect class="veil" x={LEFT} width={Math.max(0, x(now.from) - LEFT)} y={0} height={HEIGHT} />
              <rect class="veil" x={x(now.to)} width={Math.max(0, LEFT + plot - x(now.to))} y={0} height={HEIGHT} />
            </>
          )}
        </g>
        <Brush from={from} to={to} step={step} left={LEFT} plot={plot} height={HEIGHT} />
      </svg>
    </div>
  );
}
