// The shading of a field as pixels: one per point of its grid, smoothed by whoever draws it larger.

import { PALETTES, channels, colourAt } from "./palettes.js";
import { shadow, tint } from "./relief.js";

const SHADE = 0.45;

/**
 * Paints a field on a canvas of its own, one pixel per point, top row first; clear where undefined.
 * @param {object} field
 * @param {import("./relief.js").Heights} map
 * @param {(name: string) => string} paint colours as "#rrggbb"
 */
export function shading(field, map, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = field.nx;
  canvas.height = field.ny;
  const context = canvas.getContext("2d");
  const image = context.createImageData(field.nx, field.ny);
  const colour = field.palette === "relief" ? reliefColour(field, map, paint) : mapColour(field, map);
  for (let row = 0; row < field.ny; row += 1) {
    for (let column = 0; column < field.nx; column += 1) {
      const from = row * field.nx + column;
      const to = 4 * ((field.ny - 1 - row) * field.nx + column);
      if (field.palette !== "relief" && Number.isNaN(map.shares[from])) continue;
      const [red, green, blue] = colour(from);
      image.data.set([red, green, blue, 255], to);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Valley tint, then shadow, over the colour of heights. */
function reliefColour(field, map, paint) {
  const [high, low, shade] = ["relief-high", "relief-low", "relief-shade"].map((name) => channels(paint(name)));
  const dark = shadow(map.slopes, field.nx, field.ny);
  return (at) => {
    if (Number.isNaN(map.shares[at])) return high;
    const [wet, dim] = [tint(map.shares[at]), dark[at] * SHADE];
    return high.map((value, channel) => {
      const ground = value * (1 - wet) + low[channel] * wet;
      return Math.round(ground * (1 - dim) + shade[channel] * dim);
    });
  };
}

/** The colours of a palette. */
function mapColour(field, map) {
  const stops = PALETTES[field.palette].map(channels);
  return (at) => colourAt(stops, map.shares[at]);
}
