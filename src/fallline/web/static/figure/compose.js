// A figure as layers of elements, from the paper up; and as one standalone SVG. The twin of `fallline.figures.svg`.

import { drawAxes, drawGrid } from "./axes.js";
import { element, write } from "./element.js";
import { drawable, reach } from "./extent.js";
import { contours, drawContours, drawScale, frameOf, heightsOf } from "./field.js";
import { moves } from "./frames.js";
import { drawHead, drawMark } from "./marks.js";
import { shading } from "./pixels.js";
import { drawnWhole, tinting } from "./regions.js";
import { sheetOf } from "./sheet.js";
import { drawLabels } from "./words.js";

const FONT = "Inter, system-ui, 'Segoe UI', sans-serif";

export const isTrail = (mark) => (mark.kind === "line" && mark.trail) || (mark.kind === "graph" && moves(mark));

/** What stands still under the trails. */
export function drawBack(sheet) {
  const still = sheet.figure.marks.filter((mark) => !isTrail(mark)).flatMap((mark) => drawMark(mark, sheet));
  return [...drawGrid(sheet), element("g", { class: "marks", "clip-path": `url(#${sheet.name}-plot)` }, "", still)];
}

/** The trails as far as they are revealed, their heads on top. */
export function drawTrails(sheet) {
  const trails = sheet.figure.marks.filter(isTrail);
  const lines = trails.filter((mark) => mark.kind === "line");
  return [...trails.flatMap((mark) => drawMark(mark, sheet)), ...lines.flatMap((line) => drawHead(line, sheet))];
}

/** The axes and the colour scales. */
export function drawFrame(sheet) {
  const scales = sheet.figure.marks.flatMap((mark, index) => (mark.kind === "field" ? drawScale(mark, index, sheet) : []));
  return [...drawAxes(sheet), ...scales];
}

/** The words on top: they move with the trails. */
export function drawWords(sheet) {
  const maps = sheet.figure.marks.filter((mark) => mark.kind === "field" && mark.palette === "relief");
  return drawLabels(
    sheet,
    maps.flatMap((mark) => contours(mark, sheet)),
  );
}

/** The fields as images with their contour lines, the areas by class over them. */
function drawFields(sheet) {
  return [...drawHills(sheet), ...drawAreas(sheet)];
}

function drawAreas(sheet) {
  return sheet.figure.marks
    .filter((mark) => mark.kind === "regions" && drawnWhole(mark))
    .map((mark) => {
      const href = tinting(mark, sheet.paint).toDataURL("image/png");
      const style = { preserveAspectRatio: "none", "image-rendering": "pixelated" };
      return element("image", { ...frameOf(mark, sheet), href, ...style });
    });
}

function drawHills(sheet) {
  return sheet.figure.marks
    .filter((mark) => mark.kind === "field" && heightsOf(mark) !== null)
    .flatMap((mark) => {
      const href = shading(mark, heightsOf(mark), sheet.paint).toDataURL("image/png");
      const image = element("image", { ...frameOf(mark, sheet), href, preserveAspectRatio: "none" });
      return [image, ...drawContours(mark, contours(mark, sheet), sheet)];
    });
}

/** The opening through which marks are seen: the plot, and a little more where no field lies. */
export function opening(sheet) {
  const [x, y, right, bottom] = sheet.room(sheet.map ? 0 : 8);
  const rect = element("rect", { x, y, width: right - x, height: bottom - y });
  return element("clipPath", { id: `${sheet.name}-plot` }, "", [rect]);
}

/**
 * A figure as one standalone SVG.
 * @param {object} figure
 * @param {number} width
 * @param {(name: string) => string} paint fixed colours
 * @param {{heading?: boolean, step?: number | null}} options
 */
export function standalone(figure, width, paint, options = {}) {
  const sheet = sheetOf(figure, width, paint, options);
  const { name } = sheet;
  const size = { width: sheet.layout.width, height: sheet.layout.height };
  const inside = { "clip-path": `url(#${name}-plot)` };
  const children = [
    element("title", { id: `${name}-title` }, figure.title),
    element("desc", { id: `${name}-desc` }, description(figure)),
    opening(sheet),
    element("rect", { ...size, fill: paint("paper") }),
    element("g", { class: "field", ...inside }, "", drawFields(sheet)),
    element("g", { class: "back" }, "", drawBack(sheet)),
    element("g", { class: "trails", ...inside }, "", drawTrails(sheet)),
    element("g", { class: "front" }, "", [...drawFrame(sheet), ...drawWords(sheet)]),
  ];
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    class: "fallline-figure",
    viewBox: `0 0 ${size.width} ${size.height}`,
    role: "img",
    "aria-labelledby": `${name}-title ${name}-desc`,
    "font-family": FONT,
    ...size,
  };
  return write(element("svg", root, "", children));
}

/** The alt text, and how many values could not be drawn and why. */
export function description(figure) {
  const notes = figure.alt.trim() ? [figure.alt.trim()] : [];
  const count = (values) => (values === 1 ? "1 value" : `${values} values`);
  for (const direction of ["x", "y"]) {
    const axis = figure[direction];
    const name = axis.label || "one axis";
    const known = reached(figure, direction).filter((value) => value !== null && value !== undefined);
    const undrawn = known.filter((value) => !drawable(value, false)).length;
    const below = axis.scale === "log" ? known.filter((value) => drawable(value, false) && value <= 0).length : 0;
    if (below > 0) {
      const are = below === 1 ? "has no place on its log axis and is" : "have no place on its log axis and are";
      notes.push(`${count(below)} of ${name} at or below zero ${are} not drawn.`);
    }
    if (undrawn > 0) notes.push(`${count(undrawn)} of ${name} ${undrawn === 1 ? "is" : "are"} not finite and not drawn.`);
  }
  return notes.join(" ");
}

/** Every value of the data along one axis; the foot of bars is none. */
function reached(figure, direction) {
  return figure.marks.flatMap((mark) =>
    mark.kind === "bars" && mark.horizontal === (direction === "x")
      ? [...mark.values, ...mark.low, ...mark.high]
      : [...reach(mark, direction)],
  );
}
