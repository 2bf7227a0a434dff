// Where a user's sign-ins came from, on an outline of the land: discs for the owner's side, squares for others.

import { useState } from "preact/hooks";

import type { EntityPlace } from "../model";
import { Tip, useWidth } from "../parts/small";
import { figure, of } from "../parts/words";
import { tables } from "../state/look";
import { LAND } from "./land";
import { Twin } from "./twin";

/** Degrees that are seen at least. */
const LEAST = 36;
const SHAPE = 2.1;

const position = (place: EntityPlace) => {
  const north = `${Math.abs(place.latitude).toFixed(1)}° ${place.latitude < 0 ? "S" : "N"}`;
  const east = `${Math.abs(place.longitude).toFixed(1)}° ${place.longitude < 0 ? "W" : "E"}`;
  return place.margin === 0 ? `${north}, ${east}` : `middle of the country, ± ${figure(place.margin)} km`;
};
const whose = (place: EntityPlace) => (place.other ? "in other hands" : "the user’s own");

export function PlaceMap({ places }: { places: EntityPlace[] }) {
  const [element, width] = useWidth<HTMLDivElement>(392);
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  if (places.length === 0) return null;
  if (tables.value) {
    return (
      <Twin
        caption="Places of the sign-ins that succeeded"
        rows={places}
        columns={[
          { head: "Place", cell: (place) => place.label || "unknown" },
          { head: "Whose", cell: whose },
          { head: "Sign-ins", cell: (place) => figure(place.records), by: (place) => place.records },
          { head: "Where", cell: position },
        ]}
      />
    );
  }
  // The part of the earth that holds all of them, in halves of a degree as the outline is drawn.
  const xs = places.map((place) => (place.longitude + 180) * 2);
  const ys = places.map((place) => (90 - place.latitude) * 2);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const wide = Math.min(720, Math.max(LEAST * 2, (right - left) * 1.35, (bottom - top) * 1.45 * SHAPE));
  const high = wide / SHAPE;
  const x0 = Math.min(Math.max((left + right - wide) / 2, 0), 720 - wide);
  const y0 = Math.min(Math.max((top + bottom - high) / 2, 0), 340 - Math.min(340, high));
  const scale = width / wide;
  const most = Math.max(...places.map((place) => place.records));
  const size = (place: EntityPlace) => 3.5 + 6 * Math.sqrt(place.records / most);
  // A name stands where it covers no other.
  const named: { x: number; y: number; r: number; text: string; other: boolean }[] = [];
  for (const place of places) {
    const [x, y] = [((place.longitude + 180) * 2 - x0) * scale, ((90 - place.latitude) * 2 - y0) * scale];
    if (named.every((one) => Math.abs(one.y - y) > 13 || Math.abs(one.x - x) > 70)) named.push({ x, y, r: size(place), text: place.label, other: place.other });
  }
  return (
    <div ref={element} class="place-map">
      <svg width={width} height={width / SHAPE} role="img" aria-label={places.map((place) => `${place.label}: ${of(place.records, "sign-in")}, ${whose(place)}`).join("; ")}>
        <path d={LAND} transform={`scale(${scale}) translate(${-x0} ${-y0})`} class="land" vector-effect="non-scaling-stroke" />
        {places.toReversed().map((place) => {
          const [x, y, r] = [((place.longitude + 180) * 2 - x0) * scale, ((90 - place.latitude) * 2 - y0) * scale, size(place)];
          const show = (event: Event) => {
            const box = (event.currentTarget as Element).getBoundingClientRect();
            setTip({ x: box.right, y: box.top, text: `${place.label || "unknown place"}\n${of(place.records, "sign-in")}, ${whose(place)}\n${position(place)}` });
          };
          return (
            <g key={`${place.label} ${place.other}`} onPointerEnter={show} onPointerLeave={() => setTip(null)}>
              {place.other ? <rect x={x - r * 0.9} y={y - r * 0.9} width={r * 1.8} height={r * 1.8} class="f-other k-bg" /> : <circle cx={x} cy={y} r={r} class="f-owner k-bg" />}
            </g>
          );
        })}
        {named.slice(0, 8).map((one) => {
          const flip = one.x > width - 90;
          return (
            <text key={one.text} x={one.x + (flip ? -1 : 1) * (one.r + 5)} y={one.y + 4} text-anchor={flip ? "end" : "start"} class={`halo t-ink ${one.other ? "t-b" : ""}`}>
              {one.text}
            </text>
          );
        })}
      </svg>
      <Tip tip={tip} />
    </div>
  );
}
