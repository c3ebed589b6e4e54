// What stands under the pointer, or under the keyboard's cursor: the nearest datum and its values.

import { barBoxes } from "./bars.js";
import { heightsOf } from "./field.js";
import { classAt } from "./regions.js";
import { number } from "./ticks.js";

const REACH = 36;

/**
 * @typedef {object} Datum
 * @property {number} x pixel
 * @property {number} y pixel
 * @property {string} title
 * @property {[string, string][]} values name and number
 * @property {number | null} step where it lies on a trail
 * @property {string} role
 * @property {string} link
 */

/** Every datum of a figure. @returns {Datum[]} */
export function data(sheet) {
  const { figure } = sheet;
  const found = [];
  for (const mark of figure.marks) {
    if (mark.kind === "bars") found.push(...barData(mark, sheet));
    if (mark.kind === "graph") {
      for (const [index, point] of sheet.points(mark.x, mark.y).entries()) {
        if (point) found.push(datum(point, mark.names[index] ?? "", [], mark.role));
      }
    }
    if ((mark.kind !== "line" && mark.kind !== "points") || mark.frame) continue;
    const shown = mark.trail && sheet.step !== null ? sheet.step + 1 : mark.x.length;
    for (const [index, point] of sheet.points(mark.x.slice(0, shown), mark.y).entries()) {
      if (point === null) continue;
      const values = [pair(figure.x, mark.x[index]), pair(figure.y, mark.y[index])];
      const title = mark.names?.[index] || mark.label || "";
      const made = datum(point, title, values, mark.role, mark.links?.[index] ?? "");
      found.push(mark.trail ? { ...made, step: index, title: `${title}, step ${index}` } : made);
    }
  }
  return found;
}

const datum = (point, title, values, role, link = "") => ({ x: point[0], y: point[1], title, values, step: null, role, link });

/** One value with the name of its axis; the name of a category. */
function pair(axis, value) {
  const name = [axis.symbol || axis.label, axis.unit ? `(${axis.unit})` : ""].filter(Boolean).join(" ");
  return [name, axis.scale === "category" ? (axis.categories[Math.round(value)] ?? number(value)) : number(value)];
}

/** The bars of a mark, at the middle of their ends. */
function barData(mark, sheet) {
  const { figure } = sheet;
  return barBoxes(mark, sheet).flatMap((box, index) => {
    if (box === null) return [];
    const [at, value] = [mark.at[index], mark.values[index]];
    const up = value >= (mark.starts[index] ?? mark.base);
    const point = mark.horizontal
      ? [up ? box[2] : box[0], (box[1] + box[3]) / 2]
      : [(box[0] + box[2]) / 2, up ? box[1] : box[3]];
    const values = mark.horizontal ? [pair(figure.y, at), pair(figure.x, value)] : [pair(figure.x, at), pair(figure.y, value)];
    if (mark.low[index] !== undefined) values.push(["interval", `${number(mark.low[index])} to ${number(mark.high[index])}`]);
    return [{ ...datum(point, mark.label, values, mark.roles[index] ?? mark.role), box }];
  });
}

/** The datum nearest to a pixel, within reach; a bar counts wherever it is touched. */
export function nearest(found, x, y, reach = REACH) {
  let [best, least] = [null, reach];
  for (const one of found) {
    const within = one.box && one.box[0] <= x && x <= one.box[2] && one.box[1] <= y && y <= one.box[3];
    const distance = within ? 0 : Math.hypot(one.x - x, one.y - y);
    if (distance < least) [best, least] = [one, distance];
  }
  return best;
}

/** The value of the field under a pixel. */
export function fieldDatum(sheet, x, y) {
  const area = classAt(sheet, x, y);
  const field = sheet.figure.marks.findLast((mark) => mark.kind === "field");
  if (!field && area) return datum([x, y], area, placesOf(sheet, x, y), "ink");
  const map = field ? heightsOf(field) : null;
  if (!map) return null;
  const low = sheet.point(field.x[0], field.y[0]);
  const high = sheet.point(field.x[1], field.y[1]);
  if (!low || !high) return null;
  const column = Math.round(((x - low[0]) / (high[0] - low[0])) * (field.nx - 1));
  const row = Math.round(((y - low[1]) / (high[1] - low[1])) * (field.ny - 1));
  if (column < 0 || row < 0 || column >= field.nx || row >= field.ny) return null;
  const value = map.values[row * field.nx + column];
  return datum([x, y], area, [[field.label || "value", number(value)], ...placesOf(sheet, x, y)], "ink");
}

/** Where a pixel is, in the units of both axes. */
const placesOf = ({ layout, figure }, x, y) => [pair(figure.x, layout.x.value(x)), pair(figure.y, layout.y.value(y))];

/** A datum in words, for a live region. */
export function inWords(one) {
  const values = one.values.map(([name, value]) => (name ? `${name} ${value}` : value));
  return [one.title, ...values].filter(Boolean).join(", ");
}
