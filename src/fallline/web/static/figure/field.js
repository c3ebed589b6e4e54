// Fields: where they lie, their contour lines, their colour scale. The twin of `fallline.figures.svg_field`; the shading
// itself is pixels, see pixels.js.

import { contour } from "./contour.js";
import { element } from "./element.js";
import { axisTitle } from "./layout.js";
import { LABEL, TICK, measure, shorten } from "./lettering.js";
import { polyline } from "./markers.js";
import { PALETTES, ZERO } from "./palettes.js";
import { heights, levels } from "./relief.js";
import { Scale } from "./scale.js";
import { labels, number, ticks } from "./ticks.js";

const DARK = "#1C2430";

/** Heights and contour lines per array of values: dragging a knob must not compute them again. */
const known = new WeakMap();

/** The heights of a field; null where there is nothing to draw. */
export function heightsOf(field) {
  const { values } = field;
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) return null;
  const sort = `${field.nx} ${field.ny} ${field.palette} ${field.log} ${field.levels} ${field.frames?.length > 0}`;
  const found = known.get(values);
  if (found?.sort === sort) return found.map;
  const map = heights(field);
  const lines = map
    ? levels(field, map).flatMap(([level, heavy]) =>
        contour(map.values, field.nx, field.ny, level).map((points) => ({ level, heavy, points })),
      )
    : [];
  known.set(values, { sort, map, lines });
  return map;
}

/** The pixel corners of a field: left, bottom, right, top. */
function corners(field, sheet) {
  const [left, top, right, bottom] = sheet.layout.box;
  const low = sheet.point(field.x[0], field.y[0]) ?? [left, bottom];
  const high = sheet.point(field.x[1], field.y[1]) ?? [right, top];
  return [...low, ...high];
}

/** Where the image lies: the middle of its corner pixels on the corners of the field. */
export function frameOf(field, sheet) {
  const [left, bottom, right, top] = corners(field, sheet);
  const across = (right - left) / (field.nx - 1);
  const down = (bottom - top) / (field.ny - 1);
  return { x: left - across / 2, y: top - down / 2, width: right - left + across, height: bottom - top + down };
}

/** The contour lines of a field, in pixels. @returns {{level: number, heavy: boolean, points: [number, number][]}[]} */
export function contours(field, sheet) {
  if (heightsOf(field) === null) return [];
  const [left, bottom, right, top] = corners(field, sheet);
  const across = (right - left) / (field.nx - 1);
  const down = (bottom - top) / (field.ny - 1);
  return known.get(field.values).lines.map(({ level, heavy, points }) => ({
    level,
    heavy,
    points: points.map(([column, row]) => [left + across * column, bottom - down * row]),
  }));
}

/** Contour lines: thin, every few heavier; over a coloured map dark, and zero heavier still. */
export function drawContours(field, lines, sheet) {
  const relief = field.palette === "relief";
  return [
    [false, 0.75, 0.55],
    [true, 1.25, 0.8],
  ].flatMap(([heavy, width, opacity]) => {
    const d = lines
      .filter((line) => line.heavy === heavy)
      .map((line) => polyline(line.points))
      .join("");
    const faint = !relief && !(heavy && ZERO.has(field.palette)) ? 0.5 : 1;
    const style = { fill: "none", stroke: relief ? sheet.paint("contour") : DARK, "stroke-width": width };
    const line = { class: "contour", d, ...style, "stroke-opacity": opacity * faint, "stroke-linejoin": "round" };
    return d ? [element("path", line)] : [];
  });
}

/** The colour scale right of a coloured map, with few numbers. */
export function drawScale(field, index, sheet) {
  const map = heightsOf(field);
  if (map === null || field.palette === "relief" || field.legend === false) return [];
  const [, top, right, bottom] = sheet.layout.box;
  const id = `${sheet.name}-${index}-scale`;
  const colours = PALETTES[field.palette];
  const stops = colours.map((colour, place) =>
    element("stop", { offset: `${((100 * place) / (colours.length - 1)).toFixed(2)}%`, "stop-color": colour }),
  );
  const bar = { class: "scale", x: right + 14, y: top, width: 10, height: bottom - top, fill: `url(#${id})` };
  const style = { class: "tick", x: right + 29, "font-size": TICK, fill: sheet.paint("muted") };
  return [
    element("linearGradient", { id, x1: 0, y1: 1, x2: 0, y2: 0 }, "", stops),
    element("rect", bar),
    ...scaleTitle(field, sheet),
    ...scaleWords(field, map, top, bottom).map(([pixel, word]) =>
      element("text", { ...style, y: pixel + TICK * 0.36 }, word),
    ),
  ];
}

/** What the colours mean, above their scale, as far as the vertical axis's title leaves room. */
function scaleTitle(field, sheet) {
  const { width, box } = sheet.layout;
  const room = width - measure(axisTitle(sheet.figure.y), LABEL) - 24;
  if (!field.label || room < 40) return [];
  const style = { class: "axis", x: width, y: box[1] - 12, "text-anchor": "end", "font-size": LABEL };
  return [element("text", { ...style, fill: sheet.paint("ink") }, shorten(field.label, LABEL, room))];
}

/** The numbers of a colour scale and their pixels; its ends alone where colour goes by a logarithm. */
function scaleWords(field, map, top, bottom) {
  if (map.low === map.high) return [[(top + bottom) / 2, number(map.low, 3)]];
  if (field.log) {
    return [
      [bottom, number(map.low, 3)],
      [top, number(map.high, 3)],
    ];
  }
  const scale = new Scale("linear", map.low, map.high, bottom, top);
  const places = ticks(map.low, map.high, 5);
  return labels(places).map((word, index) => [scale.place(places[index]), word]);
}
