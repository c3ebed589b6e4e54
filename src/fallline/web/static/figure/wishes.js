// The labels that marks want, and what labels had better not cover. The twin of `fallline.figures.svg_labels`.

import { barBoxes } from "./bars.js";
import { clip } from "./clip.js";
import { nodeBoxes } from "./graph.js";
import { AROUND, wish } from "./labels.js";
import { LABEL, LEADING, TICK, measure, wrap } from "./lettering.js";
import { number } from "./ticks.js";

const BARS_WITH_VALUES = 14;
const COLUMN = 150;

/** Every wish inside the plot, in order of importance. */
export const wishesOf = (sheet, inColumn) => [
  ...texts(sheet),
  ...rules(sheet),
  ...lineEnds(sheet, inColumn),
  ...sets(sheet),
  ...values(sheet),
  ...nodes(sheet),
];

const marksOf = (sheet, ...kinds) => sheet.figure.marks.filter((mark) => kinds.includes(mark.kind));

/** Where a line ends or leaves the plot. */
export function endOf(mark, sheet) {
  let points;
  if (mark.kind === "band") {
    const middles = mark.x.map((_, index) => {
      const [low, high] = [mark.low[index] ?? null, mark.high[index] ?? null];
      return low === null || high === null ? null : (low + high) / 2;
    });
    points = sheet.points(mark.x, middles);
  } else points = sheet.path(mark);
  const pieces = clip(points, sheet.room(0.5));
  return pieces.length > 0 ? pieces[pieces.length - 1].at(-1) : null;
}

/** Labels of lines and bands that end inside the plot: beside their last point. */
function lineEnds(sheet, inColumn) {
  return marksOf(sheet, "line", "band")
    .filter((mark) => mark.label && !inColumn.includes(mark))
    .map((mark) => [mark, endOf(mark, sheet)])
    .filter(([, end]) => end !== null)
    .map(([mark, end]) => wish(wrap(mark.label, LABEL, COLUMN), mark.role, end[0], end[1], LABEL));
}

/** Words at a point: there if possible, else beside it. */
function texts(sheet) {
  return marksOf(sheet, "text").flatMap((mark) => {
    const point = sheet.point(mark.x, mark.y);
    if (point === null) return [];
    const [x, y] = point;
    const lines = wrap(mark.text, LABEL, Math.max(COLUMN, 0.4 * sheet.layout.width));
    const here = [0, -16, 16, -32, 32].map((shift) => [x, y + shift, mark.align]);
    const others = AROUND.map(([dx, dy, align]) => [x + dx * 12, y + dy * 16, align]);
    return [wish(lines, mark.role, x, y, LABEL, [...here, ...others])];
  });
}

/** Labels along rules: at the top of an upright one, at the right end of a level one; further along if taken. */
function rules(sheet) {
  const [left, top, right, bottom] = sheet.layout.box;
  const steps = [0, 1, 2, 3, 4, 5, 6, 7];
  return marksOf(sheet, "rule").flatMap((mark) => {
    const at = sheet.layout[mark.axis].place(mark.at);
    if (!mark.label || at === null) return [];
    const lines = wrap(mark.label, LABEL, COLUMN);
    const half = (lines.length * LABEL * LEADING) / 2;
    const places =
      mark.axis === "x"
        ? steps
            .map((step) => top + half + 2 + (step * (bottom - top - 2 * half)) / 8)
            .flatMap((y) => [
              [at + 10, y, "start"],
              [at - 10, y, "end"],
            ])
        : steps
            .map((step) => right - 6 - (step * (right - left)) / 8)
            .flatMap((x) => [
              [x, at - half - 4, "end"],
              [x, at + half + 4, "end"],
            ]);
    return [wish(lines, mark.role, at, at, LABEL, places)];
  });
}

/** Names of sets of points: beside the one furthest right. */
function sets(sheet) {
  return marksOf(sheet, "points").flatMap((mark) => {
    if (!mark.label) return [];
    const alone = sheet.points(mark.x, mark.y).flatMap((point) => [point, null]);
    const pieces = clip(alone, sheet.room(0.5)).map((piece) => piece[0]);
    if (pieces.length === 0) return [];
    const further = (a, b) => (b[0] > a[0] || (b[0] === a[0] && b[1] < a[1]) ? b : a);
    const furthest = pieces.reduce(further);
    return [wish(wrap(mark.label, LABEL, COLUMN), mark.role, furthest[0], furthest[1], LABEL)];
  });
}

/** The values of a few bars on a category axis, at their ends. */
function values(sheet) {
  if (![sheet.figure.x.scale, sheet.figure.y.scale].includes("category")) return [];
  return marksOf(sheet, "bars")
    .filter((mark) => mark.at.length <= BARS_WITH_VALUES)
    .flatMap((mark) =>
      barBoxes(mark, sheet).flatMap((box, index) => (box === null ? [] : [valueWish(mark, index, box, sheet)])),
    );
}

/** The value of one bar, beyond its end and its interval; the change it makes, in a waterfall. */
function valueWish(bars, index, box, sheet) {
  const start = bars.starts[index] ?? bars.base;
  const value = bars.values[index];
  const change = bars.starts.length > 0 && start !== bars.base && start !== 0;
  const written = number(change ? value - start : value, 3);
  const word = change && value > start ? `+${written}` : written;
  const up = value >= start;
  const reach = (up ? bars.high : bars.low)[index] ?? value;
  const tip = sheet.layout[bars.horizontal ? "x" : "y"].place(reach);
  let places;
  if (bars.horizontal) {
    const end = tip ?? (up ? box[2] : box[0]);
    const middle = (box[1] + box[3]) / 2;
    places = [
      [end + 6, middle, "start"],
      [end - 6, middle, "end"],
    ];
  } else {
    const end = tip ?? (up ? box[1] : box[3]);
    const middle = (box[0] + box[2]) / 2;
    places = [
      [middle, end - 9, "middle"],
      [middle, end + 10, "middle"],
    ];
  }
  if (!up) places.reverse();
  if (!bars.horizontal && measure(word, TICK) > (box[2] - box[0]) * 1.6) places = places.slice(0, 1);
  return wish([word], "ink", places[0][0], places[0][1], TICK, places);
}

/** Names of nodes that have no room for them inside. */
function nodes(sheet) {
  return marksOf(sheet, "graph").flatMap((mark) => {
    if (!mark.names.some(Boolean) || nodeBoxes(mark, sheet) !== null) return [];
    return sheet.points(mark.x, mark.y).flatMap((point, index) => {
      const name = mark.names[index];
      return point !== null && name ? [wish(wrap(name, TICK, 90, 2), "ink", point[0], point[1], TICK)] : [];
    });
  });
}

/** What labels had better not cover: points, heads of trails, nodes. */
export function dots(sheet) {
  const places = [];
  for (const mark of sheet.figure.marks) {
    if (mark.kind === "points" && mark.x.length <= 400) {
      places.push(...sheet.points(mark.x, mark.y).map((point) => [point, mark.size + 1]));
    } else if (mark.kind === "line" && mark.trail && !mark.frame) {
      places.push([sheet.path(mark).findLast((point) => point !== null) ?? null, 7]);
    } else if (mark.kind === "graph") places.push(...sheet.points(mark.x, mark.y).map((point) => [point, 8]));
  }
  return places
    .filter(([point]) => point !== null)
    .map(([[x, y], reach]) => [x - reach, y - reach, x + reach, y + reach]);
}

/** Small boxes along every line. */
export function beaded(sheet) {
  return marksOf(sheet, "line")
    .flatMap((mark) => beads(sheet.path(mark).filter((point) => point !== null)))
    .map(([x, y]) => [x - 3, y - 3, x + 3, y + 3]);
}

/** Points along a line, a label's height apart, at most about 200. */
function beads(path) {
  const run = (a, b) => Math.abs(b[0] - a[0]) + Math.abs(b[1] - a[1]);
  let length = 0;
  for (let index = 1; index < path.length; index += 1) length += run(path[index - 1], path[index]);
  const gap = Math.max(12, length / 200);
  const result = path.slice(0, 1);
  let left = gap;
  for (let index = 1; index < path.length; index += 1) {
    const [start, end] = [path[index - 1], path[index]];
    const long = run(start, end);
    let at = left;
    while (at <= long && long > 0) {
      const share = at / long;
      result.push([start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]);
      at += gap;
    }
    left = at - long;
  }
  return result;
}
