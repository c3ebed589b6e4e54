// Bars: upright, lying, floating (a waterfall), with intervals. The twin of `fallline.figures.svg_bars`.

import { clip } from "./clip.js";
import { element } from "./element.js";
import { polyline } from "./markers.js";

const missing = (value) => value === null || value === undefined;

/** The rectangle of every bar, cut to the plot; null where it has none. */
export function barBoxes(bars, sheet) {
  const { x, y } = sheet.layout;
  const [along, across] = bars.horizontal ? [x, y] : [y, x];
  const room = sheet.room(2);
  const result = [];
  for (let index = 0; index < Math.min(bars.at.length, bars.values.length); index += 1) {
    const at = bars.at[index];
    const end = along.place(bars.values[index]);
    const start = along.place(bars.starts[index] ?? bars.base) ?? along.start; // a log axis has no zero
    const sides = missing(at) ? [null, null] : [across.place(at - bars.width / 2), across.place(at + bars.width / 2)];
    if (end === null || sides[0] === null || sides[1] === null) {
      result.push(null);
      continue;
    }
    const [near, far] = [Math.min(...sides), Math.max(...sides)];
    const [low, high] = [Math.min(start, end), Math.max(start, end)];
    result.push(held(bars.horizontal ? [low, near, high, far] : [near, low, far, high], room));
  }
  return result;
}

/** Cuts a rectangle to a room. */
function held(box, room) {
  const [left, top] = [Math.max(box[0], room[0]), Math.max(box[1], room[1])];
  const [right, bottom] = [Math.min(box[2], room[2]), Math.min(box[3], room[3])];
  return left <= right && top <= bottom ? [left, top, right, bottom] : null;
}

/** Bars with a hair of air between them, connectors of a waterfall, and intervals on top. */
export function drawBars(bars, sheet) {
  const elements = [];
  for (const [index, box] of barBoxes(bars, sheet).entries()) {
    if (box === null) continue;
    const [x, y, right, bottom] = box;
    const shape = { class: "bar", x, y, width: right - x, height: bottom - y };
    elements.push(element("rect", { ...shape, fill: sheet.paint(bars.roles[index] ?? bars.role), "fill-opacity": 0.82 }));
  }
  return [...elements, ...connectors(bars, sheet), ...whiskers(bars, sheet)];
}

/** The path of pieces of line between pairs of places along (value) and across (at). */
function strokes(pairs, bars, sheet) {
  return pairs
    .flatMap((pair) =>
      clip(
        pair.map(([value, at]) => (bars.horizontal ? sheet.point(value, at) : sheet.point(at, value))),
        sheet.room(0),
      ),
    )
    .filter((piece) => piece.length > 1)
    .map(polyline)
    .join("");
}

/** Thin lines from the end of each floating bar to the start of the next. */
function connectors(bars, sheet) {
  if (bars.starts.length === 0) return [];
  const pairs = [];
  for (let index = 0; index < Math.min(bars.at.length, bars.values.length) - 1; index += 1) {
    const [value, here, next] = [bars.values[index], bars.at[index], bars.at[index + 1]];
    if ([value, here, next].some(missing)) continue;
    const half = next > here ? bars.width / 2 : -bars.width / 2;
    pairs.push([
      [value, here + half],
      [value, next - half],
    ]);
  }
  const d = strokes(pairs, bars, sheet);
  const style = { fill: "none", stroke: sheet.paint("muted"), "stroke-width": 1 };
  return d ? [element("path", { class: "connector", d, ...style })] : [];
}

/** Intervals of bars. */
function whiskers(bars, sheet) {
  const pairs = [];
  for (let index = 0; index < Math.min(bars.at.length, bars.low.length, bars.high.length); index += 1) {
    pairs.push([
      [bars.low[index], bars.at[index]],
      [bars.high[index], bars.at[index]],
    ]);
  }
  const d = strokes(pairs, bars, sheet);
  const style = { fill: "none", stroke: sheet.paint("ink"), "stroke-width": 1.5 };
  return d ? [element("path", { class: "error", d, ...style })] : [];
}
