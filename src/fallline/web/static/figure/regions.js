// Areas by class: one pixel per cell, drawn without smoothing over the field. The twin of `fallline.figures.svg_regions`.

import { channels } from "./palettes.js";

export const TINT = 0.5;
const FIRST = "a".charCodeAt(0);

/** Whether there is one cell for each place, and a role and a name for each class. */
export function drawnWhole(regions) {
  const { nx, ny, cells, roles, names } = regions;
  const known = Math.min(roles.length, names.length, 26);
  if (nx < 2 || ny < 2 || cells.length !== nx * ny) return false;
  for (let index = 0; index < cells.length; index += 1) {
    const place = cells.charCodeAt(index) - FIRST;
    if (cells[index] !== "." && !(place >= 0 && place < known)) return false;
  }
  return true;
}

/**
 * Paints areas on a canvas of their own, one pixel per cell, top row first; clear where there is no class.
 * @param {object} regions
 * @param {(name: string) => string} paint colours as "#rrggbb"
 */
export function tinting(regions, paint) {
  const { nx, ny, cells, roles } = regions;
  const canvas = document.createElement("canvas");
  canvas.width = nx;
  canvas.height = ny;
  const context = canvas.getContext("2d");
  const image = context.createImageData(nx, ny);
  const colours = roles.map((role) => [...channels(paint(role)), Math.round(255 * TINT)]);
  for (let index = 0; index < cells.length; index += 1) {
    if (cells[index] === ".") continue;
    const row = ny - 1 - Math.floor(index / nx);
    image.data.set(colours[cells.charCodeAt(index) - FIRST], 4 * (row * nx + (index % nx)));
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The name of the class under a pixel; empty where there is none. */
export function classAt(sheet, x, y) {
  const regions = sheet.figure.marks.findLast((mark) => mark.kind === "regions");
  if (!regions || !drawnWhole(regions)) return "";
  const low = sheet.point(regions.x[0], regions.y[0]);
  const high = sheet.point(regions.x[1], regions.y[1]);
  if (!low || !high) return "";
  const column = Math.round(((x - low[0]) / (high[0] - low[0])) * (regions.nx - 1));
  const row = Math.round(((y - low[1]) / (high[1] - low[1])) * (regions.ny - 1));
  if (column < 0 || row < 0 || column >= regions.nx || row >= regions.ny) return "";
  const letter = regions.cells[row * regions.nx + column];
  return letter === "." ? "" : regions.names[letter.charCodeAt(0) - FIRST];
}
