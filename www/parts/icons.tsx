// The page's shapes, 12 by 12. Colours come from the tokens.

import type { ComponentChildren } from "preact";

import type { Severity, Status } from "../model";

function Icon({ children, size = 12 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="i" viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
      {children}
    </svg>
  );
}

export const Logo = () => (
  <svg width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">
    <circle cx="7.5" cy="9" r="6.2" fill="none" class="k-owner" stroke-width="2.2" />
    <rect x="10.2" y="4" width="10" height="10" class="f-other" />
  </svg>
);

export const Lock = () => (
  <Icon>
    <rect x="1.6" y="5.2" width="8.8" height="6" fill="currentColor" />
    <path d="M3.6 5V3.6a2.4 2.4 0 0 1 4.8 0V5" fill="none" stroke="currentColor" stroke-width="1.4" />
  </Icon>
);

export const Search = () => (
  <Icon>
    <circle cx="5" cy="5" r="3.7" fill="none" stroke="currentColor" stroke-width="1.4" />
    <path d="m8 8 3.2 3.2" stroke="currentColor" stroke-width="1.4" />
  </Icon>
);

export const Halves = () => (
  <Icon>
    <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" stroke-width="1.3" />
    <path d="M6 1.2v9.6A4.8 4.8 0 0 0 6 1.2z" fill="currentColor" />
  </Icon>
);

/** Octagon, triangle, half-filled diamond, ring, dash. */
export function SeverityShape({ severity }: { severity: Severity }) {
  return <Icon>{shape(severity)}</Icon>;
}

/** The same shape inside a chart, centred. */
export function SeverityMark({ severity, x, y }: { severity: Severity; x: number; y: number }) {
  return <g transform={`translate(${x - 6} ${y - 6})`}>{shape(severity)}</g>;
}

function shape(severity: Severity) {
  switch (severity) {
    case "critical":
      return (
        <>
          <path d="M3.7.4h4.6l3.3 3.3v4.6l-3.3 3.3H3.7L.4 8.3V3.7z" class="f-other" />
          <path d="M5.1 2.6h1.8l-.3 4.3H5.4zM5.1 7.9h1.8v1.6H5.1z" class="f-bg" />
        </>
      );
    case "high":
      return <path d="M6 .9 11.7 11H.3z" class="f-other" />;
    case "medium":
      return (
        <>
          <path d="M6 1.1 10.9 6 6 10.9 1.1 6z" class="f-bg k-other" stroke-width="1.5" />
          <path d="M1.1 6h9.8L6 10.9z" class="f-other" />
        </>
      );
    case "low":
      return <circle cx="6" cy="6" r="4.2" fill="none" stroke="var(--ink-3)" stroke-width="1.6" />;
    case "info":
      return <path d="M2 6h8" stroke="var(--ink-3)" stroke-width="2" />;
  }
}

/** A tick in full, a half disc in part, a hatched box not at all. */
export function CoverageShape({ status }: { status: Status }) {
  if (status === "ran") {
    return (
      <Icon>
        <path d="M1.6 6.4 4.7 9.5 10.4 2.6" fill="none" class="k-ink" stroke-width="1.7" />
      </Icon>
    );
  }
  if (status === "partial") {
    return (
      <Icon>
        <circle cx="6" cy="6" r="4.6" fill="none" stroke="var(--ink-2)" stroke-width="1.4" />
        <path d="M6 1.4a4.6 4.6 0 0 0 0 9.2z" class="f-ink-2" />
      </Icon>
    );
  }
  return (
    <Icon>
      <rect x=".7" y=".7" width="10.6" height="10.6" fill="none" stroke="var(--ink-2)" stroke-width="1.2" />
      <path d="M1 5 5 1M1 9.5 9.5 1M2.5 11.3 11.3 2.5M7 11.3 11.3 7" stroke="var(--ink-2)" stroke-width="1.1" />
    </Icon>
  );
}

/** The hatch that charts fill with; stands once in the page. */
export const Patterns = () => (
  <svg width="0" height="0" class="vh" aria-hidden="true">
    <defs>
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v5" class="k-hatch" />
      </pattern>
    </defs>
  </svg>
);
