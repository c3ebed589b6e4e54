// Axes: quiet, few numbers, the vertical title above rather than turned. The twin of `fallline.figures.svg_axes`.

import { element } from "./element.js";
import { axisTitle, bare, tickSpan } from "./layout.js";
import { LABEL, LEADING, TICK, TITLE, measure, shorten } from "./lettering.js";
import { p } from "./markers.js";

/** Hairlines at the numbers of the axis along which values are read; none on a map. */
export function drawGrid(sheet) {
  const [left, top, right, bottom] = sheet.layout.box;
  const { x, y } = sheet.figure;
  if (sheet.map) return [];
  let d = "";
  if (y.scale === "category") {
    if (!bare(x) && x.scale !== "category") {
      d = sheet.layout.xTicks.map((tick) => `M${p(tick.pixel)} ${p(top)}V${p(bottom)}`).join("");
    }
  } else if (!bare(y)) d = sheet.layout.yTicks.map((tick) => `M${p(left)} ${p(tick.pixel)}H${p(right)}`).join("");
  const style = { fill: "none", stroke: sheet.paint("rule"), "stroke-width": 1 };
  return d ? [element("path", { class: "grid", d, ...style })] : [];
}

/** The frame, the numbers and names along both axes, the titles, the heading and the key. */
export const drawAxes = (sheet) => [
  ...drawFrame(sheet),
  ...drawX(sheet),
  ...drawY(sheet),
  ...drawHeading(sheet),
  ...drawKey(sheet),
];

/** A line under the plot and ticks on it; all four sides around a map. */
function drawFrame(sheet) {
  const [left, top, right, bottom] = sheet.layout.box;
  const { x, y } = sheet.figure;
  let d = `M${p(left)} ${p(bottom)}H${p(right)}`;
  if (bare(x) && bare(y)) return [];
  if (sheet.map) d = `M${p(left)} ${p(top)}H${p(right)}V${p(bottom)}H${p(left)}Z`;
  else if (bare(x)) return [];
  else if (y.scale === "category") d = `M${p(left)} ${p(top)}V${p(bottom)}`;
  if (x.scale !== "category") d += sheet.layout.xTicks.map((tick) => `M${p(tick.pixel)} ${p(bottom)}v5`).join("");
  if (sheet.map) d += sheet.layout.yTicks.map((tick) => `M${p(left)} ${p(tick.pixel)}h-5`).join("");
  return [element("path", { class: "frame", d, fill: "none", stroke: sheet.paint("muted"), "stroke-width": 1 })];
}

/** Numbers or names under the plot, and the title. */
function drawX(sheet) {
  if (bare(sheet.figure.x)) return [];
  const { box, width, height } = sheet.layout;
  const elements = sheet.layout.xTicks.flatMap((tick) => xWords(tick, sheet));
  const title = shorten(axisTitle(sheet.figure.x), LABEL, width);
  if (title) {
    const wide = measure(title, LABEL);
    const x = Math.min(Math.max((box[0] + box[2]) / 2, wide / 2), width - wide / 2);
    const place = { class: "axis", x, y: height - 6, "text-anchor": "middle" };
    elements.push(element("text", { ...place, ...words(sheet, LABEL, "ink") }, title));
  }
  return elements;
}

/** What stands at one place under the plot. */
function xWords(tick, sheet) {
  const bottom = sheet.layout.box[3];
  const style = { class: "tick", ...words(sheet, TICK, "muted") };
  if (sheet.layout.turned) {
    const [x, y] = [tick.pixel + 4, bottom + 14];
    const place = { x, y, "text-anchor": "end", transform: `rotate(-40 ${p(x)} ${p(y)})` };
    return tick.lines.length > 0 ? [element("text", { ...place, ...style }, tick.lines[0])] : [];
  }
  const [left, right] = tickSpan(tick, sheet.layout.width);
  return tick.lines.map((line, row) => {
    const place = { x: (left + right) / 2, y: bottom + 19 + row * TICK * LEADING, "text-anchor": "middle" };
    return element("text", { ...place, ...style }, line);
  });
}

/** Numbers or names left of the plot, and the title above it. */
function drawY(sheet) {
  if (bare(sheet.figure.y)) return [];
  const [left, top] = sheet.layout.box;
  const style = { class: "tick", "text-anchor": "end", ...words(sheet, TICK, "muted") };
  const elements = sheet.layout.yTicks.flatMap((tick) => {
    const first = tick.pixel + TICK * 0.36 - ((tick.lines.length - 1) * TICK * LEADING) / 2;
    return tick.lines.map((line, row) =>
      element("text", { x: left - 8, y: first + row * TICK * LEADING, ...style }, line),
    );
  });
  const title = shorten(axisTitle(sheet.figure.y), LABEL, sheet.layout.width);
  if (title) elements.push(element("text", { class: "axis", x: 0, y: top - 12, ...words(sheet, LABEL, "ink") }, title));
  return elements;
}

/** The title of the figure. */
function drawHeading(sheet) {
  const style = { ...words(sheet, TITLE, "ink"), "font-weight": 600 };
  return sheet.layout.heading.map((line, row) =>
    element("text", { class: "heading", x: 0, y: 16 + 20 * row, ...style }, line),
  );
}

/** Names of bar sets, each with a square of its colour. */
function drawKey(sheet) {
  const top = sheet.layout.heading.length > 0 ? sheet.layout.heading.length * 20 + 10 : 0;
  return sheet.layout.key.flatMap(({ label, role, x, row }) => {
    const y = top + 22 * row;
    const square = { class: "swatch", x, y: y + 2, width: 12, height: 12, rx: 2 };
    return [
      element("rect", { ...square, fill: sheet.paint(role), "fill-opacity": 0.82 }),
      element("text", { x: x + 18, y: y + 12.5, ...words(sheet, LABEL, "ink") }, label),
    ];
  });
}

/** The attributes of letters. */
const words = (sheet, size, role) => ({ "font-size": size, fill: sheet.paint(role) });
