// Where the plot, its ticks and its titles stand, for a figure at a width: the twin of `fallline.figures.layout`.

import { extent } from "./extent.js";
import { LABEL, LEADING, TICK, TITLE, measure, wrap } from "./lettering.js";
import { Scale } from "./scale.js";
import { labels, logLabels, logTicks, ticks } from "./ticks.js";

const NARROW = 480;
const GUTTER = 0.3;
const TURNED = 0.64; // sine of 40°: long category names lean

/** @typedef {{value: number, pixel: number, lines: string[]}} Tick */
/** Rounds as Python does: halves to the even neighbour. */
const round = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/**
 * Computes the layout of a figure.
 * @param {object} figure
 * @param {number} wanted width of the whole, in pixels; at least 160
 * @param {boolean} heading whether its title is written above it
 */
export function layout(figure, wanted, heading = true) {
  const width = Math.max(wanted, 160);
  const ranges = [extent(figure, "x"), extent(figure, "y")];
  const lines = heading ? wrap(figure.title, TITLE, (width - 4) / 1.06) : [];
  const key = keyPlaces(figure, width);
  let top = lines.length > 0 ? lines.length * 20 + 10 : 0;
  top += key.length > 0 ? (key[key.length - 1].row + 1) * 22 : 0;
  top += axisTitle(figure.y) ? 26 : 10;
  const gutter = gutterWidth(figure, width, ranges[0]);
  const right = Math.max(16, gutter ? gutter + 12 : 0, colouredField(figure) ? 74 : 0);
  let [left, across, tall] = [56, 40, 40];
  for (let round_ = 0; round_ < 3; round_ += 1) {
    across = Math.max(width - left - right, 40);
    tall = plotHeight(figure, across, ranges);
    left = leftMargin(figure, ranges[1], tall, width);
  }
  across = Math.max(width - left - right, 40);
  if (figure.equal) across = Math.min(across, tall * ratio(ranges));
  const x = new Scale(figure.x.scale, ...ranges[0], left, left + across);
  const y = new Scale(figure.y.scale, ...ranges[1], top + tall, top);
  const [xTicks, turned] = horizontalTicks(figure.x, x, width);
  const bottom = bottomMargin(figure.x, xTicks, turned);
  const box = [left, top, left + across, top + tall];
  const yTicks = verticalTicks(figure.y, y, width);
  return { width, height: top + tall + bottom, box, x, y, xTicks, yTicks, turned, gutter, heading: lines, key };
}

/** Whether an axis is left undrawn: it has neither a label nor categories. */
export const bare = (axis) => !axis.label && axis.categories.length === 0;

/** Writes an axis title; a log axis says so. */
export function axisTitle(axis) {
  const words = [axis.label, axis.symbol, axis.unit ? `(${axis.unit})` : ""].filter(Boolean).join(" ");
  return axis.scale === "log" && words ? `${words}, log scale` : words;
}

/** Width over height of one unit on each axis. */
const ratio = ([x, y]) => (x[1] - x[0]) / (y[1] - y[0]);

/** Height of the plot for its width. */
function plotHeight(figure, across, ranges) {
  if (figure.equal) return round(Math.min(Math.max(across / ratio(ranges), 80), 1.15 * across));
  let aspect = Math.max(figure.aspect, 0.2);
  if (across < NARROW - 100 && aspect < 2.2) aspect = Math.min(aspect, 1.3); // a phone: a flat plot would be too low
  const rows = figure.y.scale === "category" ? 22 * figure.y.categories.length : 0;
  return round(Math.max(Math.min(Math.max(across / aspect, 120), 1.4 * across + 120), rows));
}

/** The field that needs a colour scale beside it, if any. */
const colouredField = (figure) =>
  figure.marks.find((mark) => mark.kind === "field" && mark.palette !== "relief" && mark.legend !== false);

/** Whether a line's last point lies at the right edge, so that its label stands beside the plot. */
function endsRight(mark, range, log) {
  const scale = new Scale(log ? "log" : "linear", ...range, 0, 1);
  const places = mark.x.map((value) => scale.place(value)).filter((place) => place !== null);
  const last = places[places.length - 1];
  return places.length > 0 && 0.88 <= last && last <= 1.02;
}

/** The marks whose labels stand right of the plot; none on a map. */
export function gutterMarks(figure, range) {
  if (figure.marks.some((mark) => mark.kind === "field" || mark.kind === "regions")) return [];
  return figure.marks.filter(
    (mark) => ["line", "band"].includes(mark.kind) && mark.label && endsRight(mark, range, figure.x.scale === "log"),
  );
}

/** Width of the column right of the plot: as wide as its labels, at most three tenths of the figure. */
function gutterWidth(figure, width, range) {
  const lines = gutterMarks(figure, range).flatMap((mark) => wrap(mark.label, LABEL, width * GUTTER));
  return Math.max(0, ...lines.map((line) => measure(line, LABEL)));
}

/** Places the names of bar sets in rows above the plot; none where a single set needs no name. */
function keyPlaces(figure, width) {
  const named = figure.marks.filter((mark) => mark.kind === "bars" && mark.label);
  if (named.length < 2) return [];
  const places = [];
  let [x, row] = [0, 0];
  for (const mark of named) {
    const label = wrap(mark.label, LABEL, width - 20, 1)[0];
    const step = measure(label, LABEL) + 38;
    if (x > 0 && x + step - 18 > width) [x, row] = [0, row + 1];
    places.push({ label, role: mark.role, x, row });
    x += step;
  }
  return places;
}

/** Room for the numbers or names left of the plot. */
function leftMargin(figure, range, tall, width) {
  if (bare(figure.y)) return 12;
  const marks = verticalTicks(figure.y, new Scale(figure.y.scale, ...range, tall, 0), width);
  const widest = Math.max(0, ...marks.flatMap((tick) => tick.lines.map((line) => measure(line, TICK))));
  return round(Math.max(widest + 12, 24));
}

/** Room for the numbers or names under the plot, and the title under those. */
function bottomMargin(axis, marks, turned) {
  if (bare(axis)) return 12;
  const title = axisTitle(axis) ? 24 : 0;
  if (turned) {
    const widest = Math.max(0, ...marks.flatMap((tick) => tick.lines.map((line) => measure(line, TICK))));
    return round(16 + widest * TURNED) + title;
  }
  const rows = marks.length > 0 ? Math.max(...marks.map((tick) => tick.lines.length)) : 1;
  return 10 + rows * TICK * LEADING + title;
}

/** The marks of the vertical axis. @returns {Tick[]} */
function verticalTicks(axis, scale, width) {
  if (bare(axis)) return [];
  const tall = Math.abs(scale.start - scale.end);
  if (axis.scale === "category") {
    const every = Math.max(1, Math.ceil((axis.categories.length * 15) / tall));
    const most = Math.min(0.36 * width, 200);
    const rows = tall / axis.categories.length > 32 ? 2 : 1;
    return axis.categories
      .map((name, place) => ({ value: place, pixel: scale.place(place), lines: wrap(name, TICK, most, rows) }))
      .filter((tick) => tick.value % every === 0 && tick.pixel !== null);
  }
  return numberTicks(axis, scale, Math.max(3, Math.min(6, Math.trunc(tall / 56))));
}

/** The marks of the horizontal axis, and whether its names lean; numbers are thinned until they stand apart. */
function horizontalTicks(axis, scale, width) {
  if (bare(axis)) return [[], false];
  const across = Math.abs(scale.end - scale.start);
  if (axis.scale === "category") return categoryTicks(axis, scale, across);
  let marks = [];
  for (let count = Math.max(3, Math.min(8, Math.trunc(across / 84))); count > 1; count -= 1) {
    marks = numberTicks(axis, scale, count);
    if (apart(marks, width)) return [marks, false];
  }
  const ends = [marks[0], marks[marks.length - 1]];
  return [marks.length > 2 && apart(ends, width) ? ends : marks.slice(0, 1), false];
}

/** Names under a category axis: in lines where they fit, else leaning. */
function categoryTicks(axis, scale, across) {
  const slot = across / Math.max(axis.categories.length, 1);
  const words = axis.categories.flatMap((name) => name.split(/\s+/u).filter(Boolean));
  const turned = words.some((word) => measure(word, TICK) > slot - 6);
  const every = turned ? Math.max(1, Math.ceil(15 / slot)) : 1;
  const marks = axis.categories.map((name, place) => ({
    value: place,
    pixel: scale.place(place),
    lines: turned ? wrap(name, TICK, 130, 1) : wrap(name, TICK, slot - 6),
  }));
  return [marks.filter((tick) => tick.value % every === 0 && tick.pixel !== null), turned];
}

/** Round numbers along an axis. @returns {Tick[]} */
function numberTicks(axis, scale, count) {
  const log = axis.scale === "log";
  const places = log ? logTicks(scale.low, scale.high, count) : ticks(scale.low, scale.high, count);
  const written = log ? logLabels(places) : labels(places);
  return places
    .map((value, index) => ({ value, pixel: scale.place(value), lines: [written[index]] }))
    .filter((tick) => tick.pixel !== null);
}

/** Whether numbers under an axis stand at least 10 pixels apart. */
function apart(marks, width) {
  const spans = marks.map((tick) => tickSpan(tick, width));
  return spans.every((span, index) => index === 0 || spans[index - 1][1] + 10 <= span[0]);
}

/** Left and right end of a tick's text, kept on the sheet. */
export function tickSpan(tick, width) {
  const wide = Math.max(0, ...tick.lines.map((line) => measure(line, TICK)));
  const middle = Math.min(Math.max(tick.pixel, wide / 2), width - wide / 2);
  return [middle - wide / 2, middle + wide / 2];
}
