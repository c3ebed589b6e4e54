// The interval an axis shows, from what stands on it: the twin of `fallline.figures.extent`.

const PADDING = 0.05;
const LARGEST = 1e300;
const SMALLEST = 1e-302;

/**
 * The ends of an axis: those it names, else those of the data with a little air.
 * @param {object} figure
 * @param {"x" | "y"} direction
 * @returns {[number, number]}
 */
export function extent(figure, direction) {
  const axis = figure[direction];
  if (axis.scale === "category") return [-0.5, Math.max(axis.categories.length, 1) - 0.5];
  const log = axis.scale === "log";
  let least = Infinity;
  let most = -Infinity;
  for (const mark of figure.marks) {
    for (const value of reach(mark, direction)) {
      if (!drawable(value, log)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  if (least > most) [least, most] = log ? [1, 10] : [0, 1];
  const tight = figure.marks.some((mark) => mark.kind === "field" || mark.kind === "regions");
  const air = tight ? 0 : Math.max(0, ...figure.marks.map((mark) => airOf(mark, figure, direction)));
  const bound = !figure.marks.some((mark) => mark.kind === "graph");
  const feet = new Set(figure.marks.flatMap((mark) => (mark.kind === "bars" ? foot(mark, direction) : [])));
  const [low, high] = log ? widenLog(least, most, air) : widen(least, most, air, feet, bound);
  return ordered(drawable(axis.low, log) ? axis.low : low, drawable(axis.high, log) ? axis.high : high, log);
}

/** Whether a value can stand on an axis. */
export function drawable(value, log) {
  return value !== null && value !== undefined && Number.isFinite(value) && (value > 0 || !log);
}

/** Every value that a mark needs room for along one axis. */
export function reach(mark, direction) {
  const across = direction === "x";
  switch (mark.kind) {
    case "band":
      return across ? mark.x : [...mark.low, ...mark.high];
    case "points":
      return across ? [...mark.x, ...spread(mark.x, mark.x_error)] : [...mark.y, ...spread(mark.y, mark.y_error)];
    case "bars":
      return barReach(mark, mark.horizontal === across);
    case "line":
      return mark.frame ? [] : across ? mark.x : mark.y; // a frame goes right across what the others need
    case "rule":
      return mark.axis === direction ? [mark.at] : [];
    case "text":
      return [across ? mark.x : mark.y];
    default:
      return across ? mark.x : mark.y;
  }
}

/** Both ends of every interval. */
function spread(values, errors) {
  return values.flatMap((value, index) => {
    const error = errors[index];
    return missing(value) || missing(error) ? [] : [value - error, value + error];
  });
}

const missing = (value) => value === null || value === undefined;

/** The values of bars along their length, or their edges across it. */
function barReach(mark, along) {
  if (along) return [...(mark.starts.length > 0 ? mark.starts : [mark.base]), ...mark.values, ...mark.low, ...mark.high];
  return mark.at.flatMap((at) => (missing(at) ? [] : [at - mark.width / 2, at + mark.width / 2]));
}

/** Where bars stand: that end of the axis gets no air. */
function foot(mark, direction) {
  return mark.horizontal === (direction === "x") && mark.starts.length === 0 ? [mark.base] : [];
}

/** The air that a mark needs at the ends of an axis, as a share of its length. */
function airOf(mark, figure, direction) {
  if (mark.kind === "graph") return direction === "x" ? 0.14 : 0.1;
  if (mark.kind === "bars" && [figure.x.scale, figure.y.scale].includes("category")) return mark.horizontal ? 0.17 : 0.08;
  return direction === "y" || ["points", "text", "bars"].includes(mark.kind) ? PADDING : 0;
}

/** Adds air to a linear interval; none beyond a bar's foot, and none across zero where that is a bound. */
function widen(low, high, air, fixed, bound) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high / 2 - low / 2 <= Math.max(size * 1e-12, SMALLEST)) {
    const room = size > SMALLEST ? size * 0.1 : 0.5;
    return [low - room, high + room];
  }
  const room = air * 2 * (high / 2 - low / 2);
  const below = fixed.has(low) ? low : low >= 0 && bound ? Math.max(low - room, 0) : low - room;
  const above = fixed.has(high) ? high : high <= 0 && bound ? Math.min(high + room, 0) : high + room;
  return [below, above];
}

/** Adds air to a logarithmic interval. */
function widenLog(low, high, air) {
  const bottom = Math.log10(low);
  const top = Math.log10(high);
  const room = top - bottom < 1e-9 ? 0.5 : air * (top - bottom);
  return [10 ** Math.max(bottom - room, -307), 10 ** Math.min(top + room, 308)];
}

/** Puts the ends in order, keeps them apart and within what floats can subtract. */
function ordered(first, second, log) {
  let low = Math.min(first, second);
  let high = Math.max(first, second);
  if (log) return low < high ? [Math.max(low, 1e-306), Math.min(high, 1e306)] : widenLog(low, high, 0);
  low = Math.max(low, -LARGEST);
  high = Math.min(high, LARGEST);
  return high - low > SMALLEST ? [low, high] : widen(low, high, 0, new Set(), true);
}
