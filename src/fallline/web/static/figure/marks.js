// The marks of a figure: lines, bands, points and rules. The twin of `fallline.figures.svg_marks`.

import { drawBars } from "./bars.js";
import { clip, inside } from "./clip.js";
import { element } from "./element.js";
import { drawGraph } from "./graph.js";
import { OPEN, marker, p, polyline } from "./markers.js";
import { look } from "./roles.js";

const HEAD = 5;
const FAINT = 0.5;
/** A trail on a map shows each of its steps as a dot while they are no more than this. */
const FOOTPRINTS = 80;

/** A line: casing on a map, stroke, footprints; heads are drawn above all trails, see `drawHead`. */
function drawLine(line, sheet) {
  const points = sheet.path(line);
  const pieces = clip(points, sheet.room(20));
  const elements = line.fill ? pieces.filter((piece) => piece.length > 1).map((piece) => filled(piece, line, sheet)) : [];
  const d = pieces
    .filter((piece) => piece.length > 1)
    .map(polyline)
    .join("");
  if (d && sheet.map && !line.faint && !line.frame) {
    const casing = { d, fill: "none", stroke: sheet.paint("paper"), "stroke-width": 4.5 };
    elements.push(element("path", { ...casing, "stroke-linejoin": "round", "stroke-opacity": 0.75 }));
  }
  const drawn = line.faint ? { ...sheet.stroke(line.role, 1), "stroke-opacity": FAINT } : sheet.stroke(line.role, line.frame ? 1.25 : 2);
  if (d) elements.push(element("path", { class: "line", d, ...drawn }));
  let lone = pieces.filter((piece) => piece.length === 1).map((piece) => piece[0]);
  if (line.trail && (sheet.map || line.dots) && points.length <= FOOTPRINTS) {
    lone = points.filter((point) => point !== null && inside(point, sheet.room(0)));
  }
  if (lone.length > 0) {
    const dots = lone.map(([x, y]) => marker("circle", x, y, 2)).join("");
    elements.push(element("path", { class: "steps", d: dots, fill: sheet.paint(line.role) }));
  }
  return elements;
}

/** The light space between a line and the axis under it. */
function filled(piece, line, sheet) {
  const foot = sheet.layout.box[3];
  const d = `${polyline(piece)}L${p(piece[piece.length - 1][0])} ${p(foot)}L${p(piece[0][0])} ${p(foot)}Z`;
  return element("path", { class: "fill", d, fill: sheet.paint(line.role), "fill-opacity": 0.12 });
}

/** The dot at the head of a trail, while it is on the sheet. */
export function drawHead(line, sheet) {
  if (line.frame) return [];
  const head = sheet.path(line).findLast((point) => point !== null) ?? null;
  if (head === null || !inside(head, sheet.room(0))) return [];
  const attributes = { class: "head", cx: head[0], cy: head[1], r: HEAD, fill: sheet.paint(line.role) };
  return [element("circle", { ...attributes, stroke: sheet.paint("paper"), "stroke-width": 2 })];
}

/** A band, with hairlines along its edges so that it survives printing. */
function drawBand(band, sheet) {
  const elements = [];
  let [top, bottom] = [[], []];
  const uppers = sheet.points(band.x, band.high);
  const lowers = sheet.points(band.x, band.low);
  for (let index = 0; index <= Math.min(uppers.length, lowers.length); index += 1) {
    const [upper, lower] = [uppers[index] ?? null, lowers[index] ?? null];
    if (upper !== null && lower !== null && index < Math.min(uppers.length, lowers.length)) {
      top.push(upper);
      bottom.push(lower);
      continue;
    }
    if (top.length > 0) {
      const d = `${polyline([...top, ...bottom.toReversed()])}Z`;
      elements.push(element("path", { class: "band", d, fill: sheet.paint(band.role), "fill-opacity": 0.16 }));
      const edges = { d: polyline(top) + polyline(bottom), fill: "none", "stroke-opacity": 0.45 };
      elements.push(element("path", { ...edges, stroke: sheet.paint(band.role), "stroke-width": 0.75 }));
    }
    [top, bottom] = [[], []];
  }
  return elements;
}

/** Points and their intervals; each shape with a thin ring of paper, so that crowds stay readable. */
function drawPoints(mark, sheet) {
  const shape = look(mark.role).marker;
  const elements = errorBars(mark, sheet);
  const places = sheet.points(mark.x, mark.y);
  const room = sheet.room(mark.size);
  const d = places
    .filter((place) => place !== null && inside(place, room))
    .map((place) => marker(shape, ...place, mark.size))
    .join("");
  if (!d) return elements;
  const colour = sheet.paint(mark.role);
  const paper = sheet.paint("paper");
  let style = { fill: colour, stroke: paper, "stroke-width": 1, "stroke-linejoin": "round" };
  if (OPEN.includes(shape)) style = { fill: "none", stroke: colour, "stroke-width": 2, "stroke-linecap": "round" };
  else if (mark.hollow) style = { fill: paper, stroke: colour, "stroke-width": 1.75, "stroke-linejoin": "round" };
  elements.push(element("path", { class: "points", d, ...style }));
  if (mark.handle && places[0]) {
    const ring = { class: "grip", cx: places[0][0], cy: places[0][1], r: mark.size + 6, fill: "none" };
    elements.push(element("circle", { ...ring, stroke: colour, "stroke-width": 1.5 }));
  }
  return elements;
}

/** Intervals around points, as thin lines. */
function errorBars(mark, sheet) {
  const missing = (value) => value === null || value === undefined;
  const pieces = [];
  for (const [errors, across] of [
    [mark.x_error, 1],
    [mark.y_error, 0],
  ]) {
    for (let index = 0; index < Math.min(mark.x.length, mark.y.length, errors.length); index += 1) {
      const [x, y, error] = [mark.x[index], mark.y[index], errors[index]];
      if (missing(x) || missing(y) || missing(error)) continue;
      const [dx, dy] = across ? [error, 0] : [0, error];
      pieces.push(...clip([sheet.point(x - dx, y - dy), sheet.point(x + dx, y + dy)], sheet.room(20)));
    }
  }
  const d = pieces
    .filter((piece) => piece.length > 1)
    .map(polyline)
    .join("");
  return d ? [element("path", { class: "error", d, ...sheet.stroke(mark.role, 1.5, false) })] : [];
}

/** A rule, and on the side it forbids a light tint and the short strokes of a cliff on a map. */
function drawRule(rule, sheet) {
  const [left, top, right, bottom] = sheet.layout.box;
  const upright = rule.axis === "x";
  const at = sheet.layout[rule.axis].place(rule.at);
  if (at === null || (upright ? at < left - 1 || at > right + 1 : at < top - 1 || at > bottom + 1)) return [];
  const elements = rule.half ? forbidden(rule, at, sheet) : [];
  const d = upright ? `M${p(at)} ${p(top)}V${p(bottom)}` : `M${p(left)} ${p(at)}H${p(right)}`;
  elements.push(element("path", { class: "rule", d, ...sheet.stroke(rule.role, 1.5) }));
  if (rule.handle) {
    const [cx, cy] = upright ? [at, bottom - 14] : [right - 14, at];
    const knob = { class: "grip", cx, cy, r: 7, fill: sheet.paint("paper") };
    elements.push(element("circle", { ...knob, stroke: sheet.paint(rule.role), "stroke-width": 2 }));
  }
  return elements;
}

/** The side that a rule forbids. */
function forbidden(rule, at, sheet) {
  const [left, top, right, bottom] = sheet.layout.box;
  const upright = rule.axis === "x";
  const above = rule.half === "above";
  const far = upright ? (above ? right : left) : above ? top : bottom;
  const [x, y, width, height] = upright
    ? [Math.min(at, far), top, Math.abs(far - at), bottom - top]
    : [left, Math.min(at, far), right - left, Math.abs(far - at)];
  const tint = { fill: sheet.paint(rule.role), "fill-opacity": 0.09 };
  const side = (far > at ? 1 : -1) * 6;
  const count = Math.trunc((upright ? bottom - top : right - left) / 10);
  let d = "";
  for (let index = 0; index < count; index += 1) {
    const along = 5 + 10 * index;
    d += upright ? `M${p(at)} ${p(top + along)}h${p(side)}` : `M${p(left + along)} ${p(at)}v${p(side)}`;
  }
  return [
    element("rect", { class: "half", x, y, width, height, ...tint }),
    element("path", { class: "cliff", d, stroke: sheet.paint(rule.role), "stroke-width": 1, "stroke-opacity": 0.7 }),
  ];
}

/** Kind of mark → how it is drawn. Fields lie under everything, and words stand on top. */
const DRAW = { line: drawLine, band: drawBand, points: drawPoints, bars: drawBars, graph: drawGraph, rule: drawRule };

/** Draws one mark; nothing for the kinds that have their own layer. */
export const drawMark = (mark, sheet) => DRAW[mark.kind]?.(mark, sheet) ?? [];
