// What each mark wants written, placed so that no word covers another. The twin of `fallline.figures.svg_labels`.

import { element } from "./element.js";
import { boxOf, place, stack, wish } from "./labels.js";
import { bare, gutterMarks } from "./layout.js";
import { LABEL, LEADING, TICK, wrap } from "./lettering.js";
import { p } from "./markers.js";
import { beaded, dots, endOf, wishesOf } from "./wishes.js";
import { number } from "./ticks.js";

const HEIGHTS_WRITTEN = 4;

/** Places and draws every label of a figure. */
export function drawLabels(sheet, contours) {
  const [beside, inColumn] = columnLabels(sheet);
  const [points, lines] = [dots(sheet), beaded(sheet)];
  const boxes = (labels) => labels.map((label) => label.box);
  const inner = place(wishesOf(sheet, inColumn), boxes(beside), points, lines, bounds(sheet));
  const placed = [...beside, ...inner];
  placed.push(...place(heightsWritten(contours), boxes(placed), points, lines, sheet.room(-4)));
  return placed.flatMap((label) => drawLabel(label, sheet));
}

/** Where labels may stand: the plot; the whole sheet beside it where no column of labels is. */
function bounds(sheet) {
  const [left, top, edge, bottom] = sheet.layout.box;
  const right = sheet.map ? edge + 2 : sheet.layout.gutter ? edge : sheet.layout.width;
  const foot = bare(sheet.figure.x) ? 12 : 0;
  return [left - foot, top - 4, right, bottom + foot];
}

/** Labels right of the plot, moved apart; and the marks they belong to. */
function columnLabels(sheet) {
  const { box, x, gutter } = sheet.layout;
  const [left, top, right, bottom] = box;
  const [wishes, owners] = [[], []];
  for (const mark of gutterMarks(sheet.figure, [x.low, x.high])) {
    const end = endOf(mark, sheet);
    if (end === null || end[0] < right - 0.13 * (right - left)) continue;
    wishes.push(wish(wrap(mark.label, LABEL, Math.max(gutter, 20)), mark.role, right, end[1], LABEL));
    owners.push(mark);
  }
  const sizes = wishes.map((wanted) => wanted.lines.length * LABEL * LEADING);
  const middles = stack(
    wishes.map((wanted) => wanted.y),
    sizes,
    top - 6,
    bottom + 6,
  );
  const placed = wishes
    .map((wanted, index) => ({
      wish: wanted,
      x: right + 8,
      y: middles[index],
      align: "start",
      box: boxOf(wanted, right + 8, middles[index], "start"),
      leader: Math.abs(middles[index] - wanted.y) > 6,
    }))
    .filter((label) => label.y !== null);
  return [placed, owners];
}

/** The values of heavy contour lines, where each runs most nearly level. */
function heightsWritten(contours) {
  const longest = new Map();
  for (const line of contours) {
    if (line.heavy && line.points.length > (longest.get(line.level)?.length ?? 0)) longest.set(line.level, line.points);
  }
  const wishes = [];
  for (const [level, points] of [...longest].sort((a, b) => a[0] - b[0])) {
    if (points.length < 24) continue;
    const flat = [];
    for (let at = 4; at < points.length - 4; at += 1) {
      const [before, after] = [points[at - 4], points[at + 4]];
      flat.push([Math.abs(after[1] - before[1]) / (Math.abs(after[0] - before[0]) + 1e-9), at]);
    }
    flat.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const every = Math.max(1, Math.floor(flat.length / 12));
    const best = flat.filter((_, index) => index % every === 0).slice(0, HEIGHTS_WRITTEN);
    const places = best.map(([, at]) => [...points[at], "middle"]);
    wishes.push(wish([number(level, 3)], "muted", places[0][0], places[0][1], TICK, places));
  }
  return wishes;
}

/** One label with a halo of paper, and its leader if it stands apart. */
function drawLabel(label, sheet) {
  const { wish: wanted, align } = label;
  const elements = [];
  if (label.leader) {
    const [left, top, right, bottom] = label.box;
    let near = [Math.min(Math.max(wanted.x, left - 2), right + 2), Math.min(Math.max(wanted.y, top), bottom)];
    if (align === "start") near = [left - 3, label.y];
    if (align === "end") near = [right + 3, label.y];
    const d = `M${p(wanted.x)} ${p(wanted.y)}L${p(near[0])} ${p(near[1])}`;
    const line = { class: "leader", d, fill: "none", stroke: sheet.paint(wanted.role), "stroke-width": 0.75 };
    elements.push(element("path", line));
  }
  const first = label.y - ((wanted.lines.length - 1) * wanted.size * LEADING) / 2 + wanted.size * 0.36;
  const style = { "font-size": wanted.size, "text-anchor": align, fill: sheet.paint(wanted.role) };
  if (wanted.size === LABEL) style["font-weight"] = 500;
  const halo = { stroke: sheet.paint("paper"), "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
  for (const [row, line] of wanted.lines.entries()) {
    const at = { class: "label", x: label.x, y: first + row * wanted.size * LEADING };
    elements.push(element("text", { ...at, ...style, ...halo }, line));
  }
  return elements;
}
