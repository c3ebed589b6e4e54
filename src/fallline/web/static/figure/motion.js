// Change over time: a figure on its way to the next, never longer than 400 ms, and at once under reduced motion.

const LENGTH = 260;
const HEAVY = 6000;

/** Whether the reader asked for less motion. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whether one figure can turn into another: the same marks, not too many numbers. */
export function turns(from, to) {
  const alike = (mark, index) => mark.kind === to.marks[index]?.kind && mark.role === to.marks[index]?.role;
  const size = to.marks.reduce((sum, mark) => sum + (Array.isArray(mark.x) ? mark.x.length : 0), 0);
  return (
    from.id === to.id &&
    from.marks.length === to.marks.length &&
    size <= HEAVY &&
    ["x", "y"].every((axis) => from[axis].scale === to[axis].scale) &&
    from.marks.every(alike)
  );
}

/**
 * Shows a figure turning into another.
 * @param {(figure: object) => void} show
 * @returns {() => void} stops it where it is
 */
export function turn(from, to, show) {
  const start = performance.now();
  let frame = 0;
  const next = (now) => {
    const time = Math.min((now - start) / LENGTH, 1);
    if (time >= 1) return show(to);
    show(between(from, to, 1 - (1 - time) ** 3));
    frame = requestAnimationFrame(next);
    return undefined;
  };
  frame = requestAnimationFrame(next);
  return () => cancelAnimationFrame(frame);
}

/** The figure a share of the way from one to another. */
export function between(from, to, share) {
  const logs = { x: to.x.scale === "log", y: to.y.scale === "log" };
  const marks = to.marks.map((mark, index) => {
    const before = from.marks[index];
    if (mark.kind === "field" || mark.kind === "graph" || mark.kind === "text") return mark;
    if (mark.kind === "rule") return { ...mark, at: mix(before.at, mark.at, share, logs[mark.axis]) };
    const result = { ...mark };
    for (const [name, log] of numbersOf(mark, logs)) result[name] = mixed(before[name], mark[name], share, log);
    return result;
  });
  return { ...to, marks };
}

/** The lists of numbers of a mark that move, and whether along a log axis. */
function numbersOf(mark, logs) {
  if (mark.kind === "bars") {
    const log = mark.horizontal ? logs.x : logs.y;
    return ["values", "low", "high", "starts"].map((name) => [name, log]);
  }
  const names = mark.kind === "band" ? ["low", "high"] : ["y"];
  return [["x", logs.x], ...names.map((name) => [name, logs.y])];
}

const mixed = (from, to, share, log) => to.map((value, index) => mix(from[index] ?? null, value, share, log));

/** Between two numbers; where one is missing, the second. */
function mix(from, to, share, log) {
  if (from === null || to === null || from === undefined) return to;
  if (log && from > 0 && to > 0) return Math.exp(Math.log(from) * (1 - share) + Math.log(to) * share);
  return from * (1 - share) + to * share;
}
