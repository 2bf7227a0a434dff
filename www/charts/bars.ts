// Bars as one path: a chart of thousands stays one element.

/** Bars that stand on `base`, each `step` wide with a gap where there is room. */
export function barPath(counts: number[], max: number, x: (index: number) => number, step: number, base: number, height: number): string {
  if (max === 0) return "";
  const width = step > 2 ? step - Math.min(1, step * 0.14) : step;
  let path = "";
  counts.forEach((count, index) => {
    if (count === 0) return;
    // What is there is seen, however little it is.
    const high = Math.max(0.8, (count / max) * height);
    path += `M${x(index).toFixed(1)} ${base}v-${high.toFixed(1)}h${width.toFixed(2)}v${high.toFixed(1)}z`;
  });
  return path;
}
